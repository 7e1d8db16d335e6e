using System.Security.Cryptography;
using System.Text;

namespace Pillarbox.Server.Tests.Sessions;

/// <summary>Exchanges in which what the client says depends on what the server said; those in which it does not are dialogues.</summary>
public sealed class LoginTests
{
    private const string All = "SCRAM-SHA-512 SCRAM-SHA-256-PLUS SCRAM-SHA-256 SCRAM-SHA-1-PLUS SCRAM-SHA-1 CRAM-MD5";
    private const string Succeeded = "235 2.7.0 Authentication succeeded";
    private const string Failed = "535 5.7.8 Authentication credentials invalid";
    private const string Malformed = "501 5.5.2 Malformed authentication exchange";
    private const string Cancelled = "501 5.7.0 Authentication cancelled";

    private static readonly Dictionary<string, (Func<ScramClient, ScramClient> Change, string Verdict)> Ways = new()
    {
        ["as it should be"] = (right => right, Succeeded),
        ["extensions that are not known, to be passed over (RFC 5802 §5.1)"] = (right => right with { FirstExtension = ",x=1,y=two", LastExtension = ",z=3" }, Succeeded),
        ["its own name as authorization identity"] = (right => right with { Header = "n,a=ann," }, Succeeded),
        ["an authorization identity that is allowed"] = (right => right with { Header = "n,a=team," }, Succeeded),
        ["another's authorization identity"] = (right => right with { Header = "n,a=bob," }, Failed),
        ["another authorization identity in the last message"] = (right => right with { Header = "n,,", HeaderLater = "n,a=team," }, Failed),
        ["another flag in the last message"] = (right => right with { HeaderLater = "y,," }, Failed),
        ["binding data without a binding"] = (right => right with { Binding = [1, 2, 3] }, Failed),
        ["a nonce that was changed"] = (right => right with { Nonce = nonce => nonce[..^1] + (nonce[^1] == '0' ? '1' : '0') }, Failed),
        ["a nonce that was cut"] = (right => right with { Nonce = nonce => nonce[..^1] }, Failed),
        ["a proof with one bit turned"] = (right => right with { Proof = proof => [.. proof[..^1], (byte)(proof[^1] ^ 1)] }, Failed),
        ["a proof that is too short"] = (right => right with { Proof = proof => proof[..^1] }, Malformed),
        ["another password"] = (right => right with { Password = "wrong" }, Failed),
        ["a name that nobody has"] = (right => right with { Name = "nobody" }, Failed),
        ["a cancel for the server's proof"] = (right => right with { Acknowledgement = "*" }, Cancelled),
        ["something said to the server's proof"] = (right => right with { Acknowledgement = "QUJD" }, Malformed),
    };

    public static TheoryData<string> WaysOfScram => [.. Ways.Keys];

    [Theory]
    [MemberData(nameof(WaysOfScram))]
    public async Task Scram_withoutTls_endsAsItMustInOneReply(string way)
    {
        await using var server = await StartAsync();
        var (change, verdict) = Ways[way];
        foreach (var mechanism in new[] { "SCRAM-SHA-256", "SCRAM-SHA-1", "SCRAM-SHA-512" })
        {
            await using var client = await HelloAsync(server);

            Assert.Equal(verdict, await change(new ScramClient(mechanism, "ann", server.Password)).LogInAsync(client));

            // What follows is the reply to what is said next: there was one to AUTH and no more.
            Assert.StartsWith(verdict == Succeeded ? "250 2.1.0 " : "530 5.7.0 ", await client.SayAsync("MAIL FROM:<ann@example.org>"), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("SCRAM-SHA-256-PLUS", "p=tls-server-end-point,,", true, Succeeded)]
    [InlineData("SCRAM-SHA-1-PLUS", "p=tls-server-end-point,,", true, Succeeded)]
    [InlineData("SCRAM-SHA-256-PLUS", "p=tls-server-end-point,a=team,", true, Succeeded)]
    [InlineData("SCRAM-SHA-256-PLUS", "p=tls-server-end-point,,", false, Failed)]
    [InlineData("SCRAM-SHA-256-PLUS", "p=tls-unique,,", true, Malformed)]
    [InlineData("SCRAM-SHA-256-PLUS", "n,,", true, Malformed)]
    [InlineData("SCRAM-SHA-256", "p=tls-server-end-point,,", true, Malformed)]
    [InlineData("SCRAM-SHA-256", "y,,", false, Malformed)]
    public async Task Scram_underTls_isBoundToTheCertificate(string mechanism, string header, bool boundToThis, string verdict)
    {
        await using var server = await StartAsync();
        await using var client = await HelloAsync(server);
        await client.SayAsync("STARTTLS");
        var tls = await client.StartTlsAsync();
        await client.SayAsync("EHLO client.example");

        // As behind somebody who shows a certificate of their own.
        var binding = boundToThis ? ScramClient.EndPoint(tls) : SHA256.HashData("another certificate"u8);
        var right = new ScramClient(mechanism, "ann", server.Password) { Header = header, Binding = binding };

        Assert.Equal(verdict, await right.LogInAsync(client));
    }

    [Fact]
    public async Task Scram_unboundWherePlusIsOffered_goesThroughForAClientThatCannotBind()
    {
        await using var server = await StartAsync();
        await using var client = await HelloAsync(server);
        await client.SayAsync("STARTTLS");
        await client.StartTlsAsync();
        await client.SayAsync("EHLO client.example");

        Assert.Equal(Succeeded, await new ScramClient("SCRAM-SHA-256", "ann", server.Password).LogInAsync(client));
    }

    [Fact]
    public async Task Nonce_ofEachExchange_isAnother()
    {
        await using var server = await StartAsync();
        await using var client = await HelloAsync(server);
        var challenges = new HashSet<string?>();
        for (var i = 0; i < 20; i++)
        {
            Assert.True(challenges.Add(await client.SayAsync($"AUTH SCRAM-SHA-256 {Base64("n,,n=ann,r=abc")}")));
            await client.SayAsync("*");
            Assert.True(challenges.Add(await client.SayAsync("AUTH CRAM-MD5")));
            await client.SayAsync("*");
        }
    }

    [Fact]
    public async Task CramMd5_digestOfTheChallengeOfThisExchange_goesThroughAndOfAnotherNot()
    {
        await using var server = await StartAsync();
        await using var client = await HelloAsync(server);

        var former = await client.SayAsync("AUTH CRAM-MD5");
        await client.SayAsync("*");
        await client.SayAsync("AUTH CRAM-MD5");
        Assert.Equal(Failed, await client.SayAsync(Digest(former!, server.Password)));
        Assert.Equal(Succeeded, await client.SayAsync(Digest((await client.SayAsync("AUTH CRAM-MD5"))!, server.Password)));
    }

    // RFC 4616 §2: a client may say twice who it is, and knows no other name for itself than that which it was given.
    [Theory]
    [InlineData("cat", Succeeded)]
    [InlineData("cat@example.org", Succeeded)]
    [InlineData("ann", Failed)]
    public async Task Name_thatTheSourceWritesOtherwise_mayBeRepeated(string authorizationId, string verdict)
    {
        await using var server = await TestServer.StartAsync(("role", "submission"), ("auth", "required"), ("insecure-auth", "true"));
        await using var client = await HelloAsync(server);

        Assert.Equal(verdict, await client.SayAsync($"AUTH PLAIN {Base64($"{authorizationId}\0cat\0{server.Password}")}"));
    }

    private static string Digest(string challenge, string password)
    {
#pragma warning disable CA5351 // The mechanism is defined with MD5.
        var digest = HMACMD5.HashData(Encoding.UTF8.GetBytes(password), Convert.FromBase64String(challenge["334 ".Length..]));
#pragma warning restore CA5351
        return Base64($"ann {Convert.ToHexStringLower(digest)}");
    }

    private static Task<TestServer> StartAsync() => TestServer.StartAsync(
        ("role", "submission"), ("auth", "required"), ("tls", "starttls"), ("insecure-auth", "true"), ("mechanisms", All), ("errors", "100"));

    private static async Task<TestClient> HelloAsync(TestServer server)
    {
        var client = await TestClient.ConnectAsync(server.Address);
        await client.SayAsync("EHLO client.example");
        return client;
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
