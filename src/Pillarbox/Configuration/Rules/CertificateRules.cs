using System.Security.Cryptography;
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
}
