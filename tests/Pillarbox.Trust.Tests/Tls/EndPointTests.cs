using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Pillarbox.Peers;
using Pillarbox.Trust.Tls;

namespace Pillarbox.Trust.Tests.Tls;

/// <summary>The binding tls-server-end-point (RFC 5929 §4.1): which hash of the certificate it is.</summary>
public sealed class EndPointTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("pillarbox-end-point-").FullName;

    [Theory]
    [InlineData("SHA256", "SHA256")]
    [InlineData("SHA384", "SHA384")]
    [InlineData("SHA512", "SHA512")]
    public void Certificate_of_elliptic_curves_is_hashed_as_it_is_signed(string signedWith, string hashedWith)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        AssertHash(new CertificateRequest("CN=end-point.test", key, new HashAlgorithmName(signedWith)), key.ExportPkcs8PrivateKeyPem(), hashedWith);
    }

    [Theory]
    [InlineData("SHA256", "SHA256")]
    [InlineData("SHA384", "SHA384")]
    [InlineData("SHA512", "SHA512")]
    public void Certificate_of_rsa_is_hashed_as_it_is_signed(string signedWith, string hashedWith)
    {
        using var key = RSA.Create(2048);

        AssertHash(new CertificateRequest("CN=end-point.test", key, new HashAlgorithmName(signedWith), RSASignaturePadding.Pkcs1), key.ExportPkcs8PrivateKeyPem(), hashedWith);
    }

    [Fact]
    public async Task Certificate_signed_with_sha_1_is_hashed_with_sha_256()
    {
        var (certificateFile, keyFile) = (Path.Combine(_directory, "cert.pem"), Path.Combine(_directory, "key.pem"));
        (await Command.RunAsync(
            Command.Find("openssl"),
            ["req", "-x509", "-newkey", "rsa:2048", "-sha1", "-nodes", "-keyout", keyFile, "-out", certificateFile, "-subj", "/CN=end-point.test", "-days", "1"])).Checked();

        AssertHash(certificateFile, keyFile, "SHA256");
    }

    [Fact]
    public void Certificate_whose_signature_does_not_name_one_hash_has_no_binding()
    {
        using var key = RSA.Create(2048);

        AssertHash(new CertificateRequest("CN=end-point.test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pss), key.ExportPkcs8PrivateKeyPem(), null);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private void AssertHash(CertificateRequest request, string key, string? hashedWith)
    {
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        var (certificateFile, keyFile) = (Path.Combine(_directory, "cert.pem"), Path.Combine(_directory, "key.pem"));
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key);

        AssertHash(certificateFile, keyFile, hashedWith);
    }

    private static void AssertHash(string certificateFile, string keyFile, string? hashedWith)
    {
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(certificateFile);
        var endPoint = ServerCertificates.FromPem(certificateFile, keyFile).Current.EndPoint;

        Assert.Equal(hashedWith is null ? "" : Convert.ToHexString(CryptographicOperations.HashData(new HashAlgorithmName(hashedWith), certificate.RawData)), Convert.ToHexString(endPoint.Span));
    }
}
