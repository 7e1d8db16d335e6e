using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Pillarbox.Trust.Tls;

/// <summary>The authorities, and no others, whose certificates say who a client is.</summary>
public sealed class ClientAuthorities
{
    private static readonly Oid ForClients = new("1.3.6.1.5.5.7.3.2");

    private readonly X509Certificate2Collection _roots;
    private readonly X509Certificate2Collection _others;
    private readonly TimeProvider _time;

    private ClientAuthorities(IEnumerable<X509Certificate2> certificates, TimeProvider time)
    {
        var all = certificates.ToLookup(IsRoot);
        _roots = [.. all[true]];
        _others = [.. all[false]];
        _time = time;
    }

    /// <summary>Reads a file of certificates in PEM: roots, and what may be needed between them and clients' certificates.</summary>
    /// <exception cref="CryptographicException">One is broken, or there is no root among them.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ClientAuthorities FromPem(string file, TimeProvider time)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPemFile(file);
        var authorities = new ClientAuthorities(certificates, time);
        return authorities._roots.Count > 0 ? authorities : throw new CryptographicException("there is no root certificate in it");
    }

    /// <summary>What the handshake tells clients of whom they may show certificates.</summary>
    internal SslCertificateTrust Trust => SslCertificateTrust.CreateForX509Collection(_roots, sendTrustInHandshake: true);

    // Nothing is fetched for the sake of a check: a handshake runs on a thread that must not wait, and a certificate must not choose whom
    // the server talks to.
    internal X509ChainPolicy Policy()
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            VerificationTime = _time.GetUtcNow().UtcDateTime,
        };
        policy.CustomTrustStore.AddRange(_roots);
        policy.ExtraStore.AddRange(_others);
        policy.ApplicationPolicy.Add(ForClients);
        return policy;
    }

    private static bool IsRoot(X509Certificate2 certificate) => certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);
}

/// <summary>Asks the client of one handshake for a certificate.</summary>
/// <param name="authorities">Who may have signed it.</param>
/// <param name="required">Whether there is no going on without a good one.</param>
public sealed class ClientCertificateCheck(ClientAuthorities authorities, bool required)
{
    /// <summary>Who the client is; <see langword="null"/> where it showed no certificate, or none that counts.</summary>
    public ClientIdentity? Identity { get; private set; }

    /// <summary>What is wrong with the certificate; <see langword="null"/> where nothing is, or none was shown though none had to be.</summary>
    public string? Fault { get; private set; }

    // A resumed session would bring back what was checked another time.
    internal SslServerAuthenticationOptions Asking(SslServerAuthenticationOptions plain) => new()
    {
        ServerCertificateContext = plain.ServerCertificateContext,
        EnabledSslProtocols = plain.EnabledSslProtocols,
        AllowRenegotiation = false,
        AllowTlsResume = false,
        ClientCertificateRequired = true,
        CertificateChainPolicy = authorities.Policy(),
        RemoteCertificateValidationCallback = (_, certificate, chain, errors) => Judge(certificate as X509Certificate2, chain, errors),
    };

    private bool Judge(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null)
            Fault = required ? "the client showed no certificate" : null;
        else if (errors == SslPolicyErrors.None)
            Identity = ClientIdentity.Of(certificate);
        else
            Fault = $"the client's certificate is not taken: {Explain(chain)} ({ClientIdentity.Of(certificate).Subject})";
        return !required || Identity is not null;
    }

    private static string Explain(X509Chain? chain)
    {
        var status = (chain?.ChainStatus ?? []).Aggregate(X509ChainStatusFlags.NoError, (all, each) => all | each.Status);
        if ((status & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain)) != 0)
            return "none of client-authorities signed it";
        if ((status & X509ChainStatusFlags.NotTimeValid) != 0)
            return "it has expired or is not valid yet";
        return (status & X509ChainStatusFlags.NotValidForUsage) != 0 ? "it is not for clients" : status.ToString();
    }
}
