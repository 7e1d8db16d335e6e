using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Pillarbox.Configuration;

namespace Pillarbox.Tests.Configuration;

/// <summary>What docs/accounts.md tells operators to write has no fault.</summary>
public sealed partial class AccountsPageTests
{
    public static TheoryData<string> Examples => [.. Toml().Matches(Page()).Select(match => match.Groups[1].Value)];

    [Theory]
    [MemberData(nameof(Examples))]
    public void Example_of_the_page_has_no_fault(string example)
    {
        using var directory = new TemporaryDirectory();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var certificate = Certificate(key);
        foreach (Match file in Files().Matches(example))
            directory.Write(file.Groups[2].Value, file.Groups[1].Value switch { "password-file" => "x", "key" => key.ExportPkcs8PrivateKeyPem(), _ => certificate });
        directory.Write("accounts.toml", "[[accounts]]\nname = \"ann\"\nverifiers = []\n");
        const string Listener = "[[listeners]]\nname = \"a\"\naddress = \"127.0.0.1:0\"\nrole = \"submission\"\nauth = \"required\"\ninsecure-auth = true\n";
        var text = "hostname = \"mx.example.org\"\n" + (example.Contains("[[listeners]]", StringComparison.Ordinal) ? "" : Listener) + example;

        var loaded = new ConfigurationLoader(new Dictionary<string, string> { ["HOME"] = "/home/nobody" }).LoadFile(directory.Write("pillarbox.toml", text));

        Assert.Empty(loaded.Faults);
    }

    [Fact]
    public void Page_has_an_example_of_every_source() =>
        Assert.All(["file", "any", "postgres", "ldap", "dovecot"], source => Assert.Contains(Examples, row => row.Data.Contains($"source = \"{source}\"", StringComparison.Ordinal)));

    private static string Page() => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "accounts.md"));

    private static string Certificate(ECDsa key)
    {
        var request = new CertificateRequest("CN=mx.example.org", key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return certificate.ExportCertificatePem();
    }

    [GeneratedRegex("^```toml\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Toml();

    [GeneratedRegex("^(password-file|authorities|client-authorities|certificate|key) = \"([^\"]+)\"", RegexOptions.Multiline)]
    private static partial Regex Files();
}
