using System.Text;
using Microsoft.Extensions.Time.Testing;

namespace Pillarbox.Server.Tests.Sessions;

/// <summary>Handshakes that fail: the connection ends, nothing more is said in the clear, and the log has the cause.</summary>
public sealed class HandshakeTests
{
    private static readonly string _hugeHello = HugeHello();

    // RFC 3207 §4.1: no going on in the clear.
    [Theory]
    [InlineData("EHLO still.in.the.clear\r\nMAIL FROM:<>\r\n", "the client sent plain text, not TLS")]
    [InlineData("GET / HTTP/1.1\r\nHost: mx.example.org\r\n\r\n", "the client sent HTTP, not TLS")]
    [InlineData("\u0080\u002e\u0001\u0003\u0001\0\u0015\0\0\0\u0010\u0001\0", "the client sent an SSLv2 hello")]
    [InlineData("\u00fe\u00ff\u0000\u0001\u0002", "the client sent no TLS")]
    public async Task Handshake_ofSomethingElse_endsTheConnectionAndIsNamed(string sent, string cause)
    {
        foreach (var tls in new[] { "starttls", "implicit" })
        {
            await using var server = await TestServer.StartAsync(("tls", tls));
            await using var client = await AtHandshakeAsync(server, tls);
            await client.SendAsync(sent);
            await LoggedAsync(server, cause);
            Assert.DoesNotContain("250", await RestAsync(client), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("", "the client went away before it had sent anything")]
    [InlineData("\u0016\u0003\u0001\u0002\0\u0001", "cut off by the client after 6 octets")]
    public async Task Handshake_cutOff_isNamed(string sent, string cause)
    {
        await using var server = await TestServer.StartAsync(("tls", "starttls"));
        var client = await AtHandshakeAsync(server, "starttls");
        await client.SendAsync(sent);
        await client.DisposeAsync();
        await LoggedAsync(server, cause);
    }

    [Theory]
    [InlineData("", "it took too long: the client sent nothing")]
    [InlineData("\u0016\u0003\u0001\u0002\0\u0001", "it took too long: 6 octets came, TLS")]
    public async Task Handshake_thatTakesTooLong_isCut(string sent, string cause)
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(50));
        await using var server = await TestServer.StartAsync([("tls", "starttls"), ("handshake", "30"), ("idle", "300")], time);
        await using var client = await AtHandshakeAsync(server, "starttls");
        await client.SendAsync(sent);
        await Task.Delay(50, TestContext.Current.CancellationToken);
        time.GoOn(TimeSpan.FromSeconds(25));
        Assert.Null(server.Sessions.Recent(1)[0].Ended);
        await Eventually.UntilAsync(() =>
        {
            time.GoOn(TimeSpan.FromSeconds(1));
            return server.Logged.Any(line => line.EndsWith(cause, StringComparison.Ordinal));
        });
        Assert.Equal("", await RestAsync(client));
    }

    [Fact]
    public async Task ProxyHeader_thatTakesTooLong_isCut()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(50));
        await using var server = await TestServer.StartAsync([("proxy-from", "127.0.0.0/8"), ("handshake", "30")], time);
        await using var client = await TestClient.ConnectAsync(server.Address, greeted: false);
        await client.SendAsync("PROXY TC");
        await Eventually.UntilAsync(() =>
        {
            time.GoOn(TimeSpan.FromSeconds(1));
            return server.Logged.Any(line => line.EndsWith("no PROXY header in time", StringComparison.Ordinal));
        });
        Assert.Equal("", await RestAsync(client));
    }

    // A hello in many records, each in order, that has no end.
    [Fact]
    public async Task Handshake_thatIsTooLarge_isCut()
    {
        await using var server = await TestServer.StartAsync(("tls", "implicit"));
        await using var client = await TestClient.ConnectAsync(server.Address, greeted: false);
        await client.SendAsync(_hugeHello);
        await LoggedAsync(server, "the client sent more than 64 KiB");
    }

    // What was said in the clear must not count under TLS (RFC 3207 §4.2): neither HELO, nor a login, nor a transaction, which cannot be open here.
    [Fact]
    public async Task StartTls_afterALogin_forgetsIt()
    {
        await using var server = await TestServer.StartAsync(
            ("tls", "starttls"), ("role", "submission"), ("auth", "required"), ("insecure-auth", "true"));
        await using var client = await TestClient.ConnectAsync(server.Address);
        await client.SayAsync("EHLO client.example");
        Assert.StartsWith("235 ", await client.SayAsync(server.Fill("AUTH PLAIN {PLAIN}")), StringComparison.Ordinal);
        await client.SayAsync("MAIL FROM:<ann@example.org>");
        Assert.Equal("503 5.5.1 Not during a mail transaction", await client.SayAsync("STARTTLS"));
        await client.SayAsync("RSET");
        Assert.StartsWith("220 ", await client.SayAsync("STARTTLS"), StringComparison.Ordinal);
        await client.StartTlsAsync();
        Assert.Equal("503 5.5.1 Send EHLO or HELO first", await client.SayAsync("MAIL FROM:<ann@example.org>"));
        await client.SayAsync("EHLO client.example");
        Assert.Equal("530 5.7.0 Authentication required", await client.SayAsync("MAIL FROM:<ann@example.org>"));
    }

    private static async Task<TestClient> AtHandshakeAsync(TestServer server, string tls)
    {
        var client = await TestClient.ConnectAsync(server.Address, greeted: tls == "starttls");
        if (tls == "starttls")
        {
            await client.SayAsync("EHLO client.example");
            Assert.StartsWith("220 ", await client.SayAsync("STARTTLS"), StringComparison.Ordinal);
        }

        return client;
    }

    private static Task LoggedAsync(TestServer server, string cause) =>
        Eventually.UntilAsync(() => server.Logged.Any(line => line.EndsWith($": TLS handshake failed: {cause}", StringComparison.Ordinal)));

    private static async Task<string> RestAsync(TestClient client)
    {
        try
        {
            return await client.ReplyAsync() ?? "";
        }
        catch (EndOfStreamException)
        {
            return ""; // A TLS alert, which is no line.
        }
    }

    private static string HugeHello()
    {
        // A ClientHello of 131,071 octets, in records of 16,384 (RFC 8446 §5.1).
        var hello = new byte[4 + 0x1ffff];
        hello[0] = 1;
        (hello[1], hello[2], hello[3], hello[4], hello[5]) = (1, 0xff, 0xff, 3, 3);
        var records = hello.Chunk(16384).SelectMany(part => new byte[] { 0x16, 3, 1, (byte)(part.Length >> 8), (byte)part.Length }.Concat(part));
        return Encoding.Latin1.GetString([.. records]);
    }
}
