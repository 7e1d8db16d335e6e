using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Pillarbox.Trust.Tls;

/// <summary>
/// What the server shows who it is with. The context is made once a certificate, since session resumption lives in it. Another
/// certificate can be put in force while the server runs; handshakes under way keep the one they began with.
/// </summary>
public sealed class ServerCertificates
{
    private Shown _current;
    private ClientAuthorities? _clients;

    private ServerCertificates(SslStreamCertificateContext context, ClientAuthorities? clients = null)
    {
        _current = Shown.Of(context);
        _clients = clients;
    }

    /// <summary>Whose certificates clients may show; <see langword="null"/> where they are asked for none.</summary>
    public ClientAuthorities? Clients => Volatile.Read(ref _clients);

    /// <summary>What a handshake that begins now shows.</summary>
    public Shown Current => Volatile.Read(ref _current);

    /// <summary>The certificate in force.</summary>
    public X509Certificate2 Certificate => Current.Options.ServerCertificateContext!.TargetCertificate;

    /// <summary>Reads a certificate with its chain and its key.</summary>
    /// <param name="certificateFile">PEM: the server's certificate first, then the others of its chain.</param>
    /// <param name="keyFile">PEM: its private key, not encrypted.</param>
    /// <param name="clients">Whose certificates clients may show.</param>
    /// <exception cref="CryptographicException">The files hold no certificate, or no key, or not the key of that certificate.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static ServerCertificates FromPem(string certificateFile, string keyFile, ClientAuthorities? clients = null) =>
        new(Read(certificateFile, keyFile, clients), clients);

    /// <summary>The self-signed certificate of an evaluation server: the one in <paramref name="directory"/>, or a new one put there.</summary>
    /// <param name="directory">Where it is kept: <c>evaluation.pem</c>, and <c>evaluation-key.pem</c>, readable by its owner alone.</param>
    /// <param name="hostname">The name it is for, beside localhost and the loopback addresses.</param>
    /// <param name="time">What tells whether the one there has expired.</param>
    public static ServerCertificates LoadOrCreateEvaluation(string directory, string hostname, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        var certificateFile = Path.Combine(directory, "evaluation.pem");
        var keyFile = Path.Combine(directory, "evaluation-key.pem");
        if (File.Exists(certificateFile) && File.Exists(keyFile))
        {
            var kept = FromPem(certificateFile, keyFile);
            if (kept.Certificate.NotAfter.ToUniversalTime() > time.GetUtcNow())
                return kept;
        }

        Directory.CreateDirectory(directory);
        Create(certificateFile, keyFile, hostname, time.GetUtcNow());
        return FromPem(certificateFile, keyFile);
    }

    /// <summary>Puts another certificate in force, and whose certificates clients may show from now on. Where it cannot be read, what is in force stays.</summary>
    /// <param name="certificateFile">As in <see cref="FromPem"/>.</param>
    /// <param name="keyFile">As in <see cref="FromPem"/>.</param>
    /// <param name="clients">Whose certificates clients may show; those in force where it is <see langword="null"/>.</param>
    /// <inheritdoc cref="FromPem" path="/exception"/>
    public void Reload(string certificateFile, string keyFile, ClientAuthorities? clients = null)
    {
        var authorities = clients ?? Clients;
        var shown = Shown.Of(Read(certificateFile, keyFile, authorities));
        Volatile.Write(ref _clients, authorities);
        Volatile.Write(ref _current, shown);
    }

    private static SslStreamCertificateContext Read(string certificateFile, string keyFile, ClientAuthorities? clients)
    {
        var certificate = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(certificateFile);
        return SslStreamCertificateContext.Create(certificate, chain, offline: true, clients?.Trust);
    }

    private static void Create(string certificateFile, string keyFile, string hostname, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={hostname}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var name in new HashSet<string>(StringComparer.OrdinalIgnoreCase) { hostname, "localhost" })
            names.AddDnsName(name);
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(10));

        WriteForOwner(keyFile, key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem() + "\n");
    }

    // The mode is set as the file is made: at no moment may another read it.
    private static void WriteForOwner(string file, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var writer = new StreamWriter(file, options);
        writer.WriteLine(text);
    }

    /// <summary>What the server shows in a handshake.</summary>
    /// <param name="Options">What <see cref="SslStream.AuthenticateAsServerAsync(SslServerAuthenticationOptions, CancellationToken)"/> is given: TLS 1.2 and 1.3 only.</param>
    /// <param name="EndPoint">The certificate's hash, to which a login can be bound (tls-server-end-point, RFC 5929 §4).</param>
    public sealed record Shown(SslServerAuthenticationOptions Options, ReadOnlyMemory<byte> EndPoint)
    {
        /// <summary>What it is given where the client is asked for a certificate.</summary>
        public SslServerAuthenticationOptions Asking(ClientCertificateCheck check)
        {
            ArgumentNullException.ThrowIfNull(check);
            return check.Asking(Options);
        }

        internal static Shown Of(SslStreamCertificateContext context) => new(
            new SslServerAuthenticationOptions
            {
                ServerCertificateContext = context,
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                AllowRenegotiation = false,
            },
            HashOf(context.TargetCertificate));

        // RFC 5929 §4.1: by the hash of the certificate's own signature, but by SHA-256 in place of MD5 and SHA-1. One without a hash of its own
        // (Ed25519) has no such binding.
        private static ReadOnlyMemory<byte> HashOf(X509Certificate2 certificate) => certificate.SignatureAlgorithm.Value switch
        {
            "1.2.840.113549.1.1.4" or "1.2.840.113549.1.1.5" or "1.2.840.113549.1.1.11" or "1.2.840.10045.4.1" or "1.2.840.10045.4.3.2" => certificate.GetCertHash(HashAlgorithmName.SHA256),
            "1.2.840.113549.1.1.12" or "1.2.840.10045.4.3.3" => certificate.GetCertHash(HashAlgorithmName.SHA384),
            "1.2.840.113549.1.1.13" or "1.2.840.10045.4.3.4" => certificate.GetCertHash(HashAlgorithmName.SHA512),
            _ => default,
        };
    }
}
