using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Pillarbox.Peers;

/// <summary>A self-signed certificate made for one test.</summary>
/// <param name="CertificateFile">PEM.</param>
/// <param name="KeyFile">PEM, readable by its owner alone.</param>
public sealed record TestCertificate(string CertificateFile, string KeyFile)
{
    /// <summary>Makes one for a name, and writes both files.</summary>
    public static TestCertificate Create(TempDirectory directory, string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));

        var files = new TestCertificate(directory[$"{name}.pem"], directory[$"{name}.key"]);
        File.WriteAllText(files.CertificateFile, certificate.ExportCertificatePem() + "\n");
        File.WriteAllText(files.KeyFile, key.ExportPkcs8PrivateKeyPem() + "\n");
        File.SetUnixFileMode(files.KeyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return files;
    }
}
