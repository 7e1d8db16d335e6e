using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Pillarbox.Peers;

/// <summary>What a certificate that a <see cref="TestAuthority"/> signs is to say.</summary>
public sealed record ClientCertificateWish
{
    /// <summary>Mail addresses of its subjectAltName.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = ["ann@example.org"];

    /// <summary>Whether it is for servers in place of clients.</summary>
    public bool ForServers { get; init; }

    /// <summary>Whether it was over yesterday.</summary>
    public bool Expired { get; init; }
}

/// <summary>An authority that signs clients' certificates, made for one test.</summary>
public sealed class TestAuthority : IDisposable
{
    private readonly TempDirectory _directory;
    private readonly string _name;
    private readonly X509Certificate2 _root;
    private int _signed;

    /// <summary>Makes one; its files go into the directory.</summary>
    public TestAuthority(TempDirectory directory, string name)
    {
        ArgumentNullException.ThrowIfNull(directory);
        (_directory, _name) = (directory, name);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var now = TimeProvider.System.GetUtcNow();
        _root = request.CreateSelfSigned(now.AddDays(-30), now.AddDays(30));
        File = directory.Write($"{name}.pem", _root.ExportCertificatePem() + "\n");
    }

    /// <summary>Its own certificate, in PEM.</summary>
    public string File { get; }

    /// <summary>Signs a certificate for a client, and writes it with its key.</summary>
    public TestCertificate Sign(ClientCertificateWish wish)
    {
        ArgumentNullException.ThrowIfNull(wish);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var name = $"{_name}-{++_signed}";
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("client.test");
        foreach (var address in wish.Addresses)
            names.AddEmailAddress(address);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(wish.ForServers ? "1.3.6.1.5.5.7.3.1" : "1.3.6.1.5.5.7.3.2")], false));
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.Create(_root, now.AddDays(-10), wish.Expired ? now.AddDays(-1) : now.AddDays(10), RandomNumberGenerator.GetBytes(8));

        var files = new TestCertificate(_directory[$"{name}.pem"], _directory[$"{name}.key"]);
        System.IO.File.WriteAllText(files.CertificateFile, certificate.ExportCertificatePem() + "\n");
        System.IO.File.WriteAllText(files.KeyFile, key.ExportPkcs8PrivateKeyPem() + "\n");
        System.IO.File.SetUnixFileMode(files.KeyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return files;
    }

    /// <inheritdoc/>
    public void Dispose() => _root.Dispose();
}
