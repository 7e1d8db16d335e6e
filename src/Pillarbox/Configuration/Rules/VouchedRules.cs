using System.Security.Cryptography;
using Pillarbox.Server;
using Pillarbox.Trust.Tls;

namespace Pillarbox.Configuration.Rules;

/// <summary>What must hold of logins for which others vouch: by token, by certificate.</summary>
internal static class VouchedRules
{
    private const string Authorities = "tls.client-authorities";

    private static readonly string[] ByToken = ["OAUTHBEARER", "XOAUTH2"];

    /// <summary>A provider is of use only with what its tokens must say.</summary>
    public static void ProviderIsWhole(Settings settings)
    {
        string[] keys = ["issuer", "audience", "scope", "claim"];
        if (!settings.IsSound("accounts.oauth") || !keys.Any(key => settings.IsGiven($"accounts.oauth.{key}")))
            return;
        if (!settings.IsGiven("accounts.oauth.issuer"))
            settings.Fault("accounts.oauth.issuer", "is missing, and the rest of [accounts.oauth] is of no use without it; write the https URL of the OpenID provider");
        if (!settings.IsGiven("accounts.oauth.audience"))
            settings.Fault("accounts.oauth.audience", "is missing, and without it tokens for others would let clients log in here; write what the provider calls this server");
    }

    /// <summary>Whom a provider or an authority names, the source of accounts can be asked about.</summary>
    public static void SourceCanTell(Settings settings)
    {
        if (!settings.IsSound("accounts.source") || settings.Get<string>("accounts.source") is not ("dovecot" or "ldap") || !settings.IsSound("accounts"))
            return;
        var source = settings.Get<string>("accounts.source");
        if (settings.IsGiven("accounts.oauth.issuer"))
            settings.Fault("accounts.oauth.issuer", $"whom a token names must be an account, and the source \"{source}\" is asked about names with a password alone; write source = \"file\" or \"postgres\", or leave [accounts.oauth] out");
        foreach (var (key, listener) in ListenerRules.Listeners(settings))
        {
            if (listener.Mechanisms.Contains("EXTERNAL"))
                settings.Fault($"{key}.mechanisms", $"whom a certificate names must be an account, and the source \"{source}\" is asked about names with a password alone; write accounts.source = \"file\" or \"postgres\", or leave EXTERNAL out");
        }
    }

    /// <summary>What is offered can be had.</summary>
    public static void MechanismsCanBeUsed(Settings settings)
    {
        var hasProvider = settings.IsGiven("accounts.oauth.issuer") || !settings.IsSound("accounts.oauth");
        foreach (var (key, listener) in ListenerRules.Listeners(settings))
        {
            if (!hasProvider && listener.Mechanisms.FirstOrDefault(ByToken.Contains) is { } byToken)
                settings.Fault($"{key}.mechanisms", $"{byToken} would never be offered, since no provider's tokens are taken; write [accounts.oauth] with issuer and audience");
            if (listener.Mechanisms.Contains("EXTERNAL") && listener.ClientCertificates == ClientCertificates.None)
                settings.Fault($"{key}.mechanisms", "EXTERNAL would never be offered, since clients are asked for no certificates; write client-certificates = \"optional\" or \"required\"");
        }
    }

    /// <summary>Where clients are asked for certificates, there is a handshake to ask in, and somebody who may have signed them.</summary>
    public static void CertificatesCanBeShown(Settings settings)
    {
        foreach (var (key, listener) in ListenerRules.Listeners(settings))
        {
            if (listener.ClientCertificates == ClientCertificates.None)
                continue;
            if (listener.Tls == ListenerTls.None)
                settings.Fault($"{key}.client-certificates", "clients show certificates in the TLS handshake, and there is no TLS; write tls = \"starttls\" or \"implicit\", or client-certificates = \"none\"");
            else if (!settings.IsGiven(Authorities) && settings.IsSound(Authorities))
                settings.Fault($"{key}.client-certificates", $"no certificate would count, since nobody may have signed it; write [tls] with client-authorities, a PEM file");

            // Who leaves STARTTLS out is asked for nothing.
            else if (listener is { ClientCertificates: ClientCertificates.Required, Tls: ListenerTls.StartTls } && (listener.Auth != ListenerAuth.Required || listener.InsecureAuth))
                settings.Fault($"{key}.client-certificates", "a client that leaves out STARTTLS would need none; write tls = \"implicit\", or auth = \"required\" without insecure-auth, or client-certificates = \"optional\"");
        }
    }

    /// <summary>The file of authorities has a root.</summary>
    public static void AuthoritiesReadable(Settings settings)
    {
        if (!settings.IsSound(Authorities) || settings.Find<string>(Authorities) is not { } file)
            return;
        try
        {
            ClientAuthorities.FromPem(file, TimeProvider.System);
        }
        catch (Exception broken) when (broken is CryptographicException or IOException or UnauthorizedAccessException)
        {
            settings.Fault(Authorities, $"{file} cannot be used ({broken.Message.TrimEnd('.')}); name a file of certificates in PEM, a root among them");
        }
    }
}
