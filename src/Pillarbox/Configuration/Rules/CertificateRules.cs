using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Pillarbox.Server;
using Pillarbox.Trust.Tls;

namespace Pillarbox.Configuration.Rules;

/// <summary>What must hold of certificates.</summary>
internal static class CertificateRules
{
    /// <summary>Where a listener has TLS, there is a certificate with its key.</summary>
    public static void ThereForTls(Settings settings)
    {
        foreach (var (one, other) in new[] { ("tls.certificate", "tls.key"), ("tls.key", "tls.certificate") })
        {
            if ((settings.IsGiven(one) || !settings.IsSound(one)) && !settings.IsGiven(other) && settings.IsSound(other))
                settings.Fault(other, $"is missing, and {one} is of no use without it; name the PEM file");
        }

        if (!settings.IsSound("tls") || settings.IsGiven("tls.certificate"))
            return;
        if (ListenerRules.Listeners(settings).Find(each => each.Options.Tls != ListenerTls.None) is { Key: { } key })
            settings.Fault($"{key}.tls", "needs a certificate; write [tls] with certificate and key, or tls = \"none\"");
    }

    /// <summary>The key is the certificate's.</summary>
    public static void BelongTogether(Settings settings)
    {
        if (!settings.IsSound("tls") || settings.Find<string>("tls.certificate") is not { } certificate || settings.Find<string>("tls.key") is not { } key)
            return;

        try
        {
            ServerCertificates.FromPem(certificate, key);
        }
        catch (Exception broken) when (broken is CryptographicException or IOException or ArgumentException)
        {
            settings.Fault("tls.certificate", $"{certificate} and {key} do not go together ({broken.Message.TrimEnd('.')}); name a certificate and its own key, both in PEM, the key not encrypted");
        }
    }

    /// <summary>The file of authorities has some.</summary>
    public static void AuthoritiesReadable(Settings settings)
    {
        foreach (var key in new[] { "delivery.authorities", "accounts.ldap.authorities" })
        {
            if (settings.IsSound(key) && settings.Find<string>(key) is { } file)
                AuthoritiesReadable(settings, key, file);
        }
    }

    private static void AuthoritiesReadable(Settings settings, string key, string file)
    {
        try
        {
            if (ReadAll(file).IsEmpty)
                settings.Fault(key, $"{file} holds no certificate; name a file of certificates in PEM");
        }
        catch (Exception broken) when (broken is CryptographicException or IOException or UnauthorizedAccessException)
        {
            settings.Fault(key, $"{file} cannot be read ({broken.Message.TrimEnd('.')}); name a file of certificates in PEM");
        }
    }

    /// <summary>All certificates of a PEM file.</summary>
    /// <exception cref="CryptographicException">One is broken.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ImmutableArray<X509Certificate2> ReadAll(string file)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPemFile(file);
        return [.. certificates];
    }
}
