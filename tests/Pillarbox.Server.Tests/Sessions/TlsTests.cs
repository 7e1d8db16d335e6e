namespace Pillarbox.Server.Tests.Sessions;

public sealed class TlsTests
{
    [Fact]
    public async Task StartTls_thenAuthAndMail_works()
    {
        await using var server = await TestServer.StartAsync(("role", "submission"), ("auth", "required"), ("tls", "starttls"));
        await using var client = await TestClient.ConnectAsync(server.Address);
        await client.SayAsync("EHLO client.example");
        Assert.Equal("220 2.0.0 Ready to start TLS", await client.SayAsync("STARTTLS"));
        await client.StartTlsAsync();
        Assert.StartsWith("503 ", await client.SayAsync("MAIL FROM:<>"), StringComparison.Ordinal);
        Assert.StartsWith("250 ", await client.SayAsync("EHLO client.example"), StringComparison.Ordinal);
        Assert.StartsWith("503 5.5.1", await client.SayAsync("STARTTLS"), StringComparison.Ordinal);
        Assert.Equal("235 2.7.0 Authentication succeeded", await client.SayAsync(server.Fill("AUTH PLAIN {PLAIN}")));
        await client.SayAsync("MAIL FROM:<ann@example.org>");
        await client.SayAsync("RCPT TO:<bob@elsewhere.example>");
        await client.SayAsync("DATA");
        Assert.StartsWith("250 2.0.0 ", await client.SayAsync("Subject: x\r\n\r\nx\r\n."), StringComparison.Ordinal);
        Assert.StartsWith("221 ", await client.SayAsync("QUIT"), StringComparison.Ordinal);

        var prologue = System.Text.Encoding.UTF8.GetString(Assert.Single(await server.QueueAsync()).Envelope.Prologue.Span);
        Assert.Contains("with ESMTPSA id ", prologue, StringComparison.Ordinal);
        Assert.Contains("\r\nDate: ", prologue, StringComparison.Ordinal);
        Assert.Contains("\r\nMessage-ID: <", prologue, StringComparison.Ordinal);
    }

    // RFC 8689 §4.1.
    [Fact]
    public async Task RequireTls_isOfferedAndTakenUnderTlsAlone()
    {
        await using var server = await TestServer.StartAsync(("tls", "starttls"), ("domain", "example.com"));
        await using var client = await TestClient.ConnectAsync(server.Address);
        await client.SendAsync("EHLO client.example\r\n");
        Assert.DoesNotContain("250-REQUIRETLS", await client.ReplyLinesAsync());
        Assert.StartsWith("530 5.7.0 ", await client.SayAsync("MAIL FROM:<ann@example.org> REQUIRETLS"), StringComparison.Ordinal);
        await client.SayAsync("STARTTLS");
        await client.StartTlsAsync();
        await client.SendAsync("EHLO client.example\r\n");
        Assert.Contains("250-REQUIRETLS", await client.ReplyLinesAsync());
        Assert.StartsWith("501 5.5.4 ", await client.SayAsync("MAIL FROM:<ann@example.org> REQUIRETLS=yes"), StringComparison.Ordinal);
        await client.SayAsync("MAIL FROM:<ann@example.org> REQUIRETLS");
        await client.SayAsync("RCPT TO:<bob@example.com>");
        await client.SayAsync("DATA");
        Assert.StartsWith("250 2.0.0 ", await client.SayAsync("Subject: x\r\n\r\nx\r\n."), StringComparison.Ordinal);
        Assert.True(Assert.Single(await server.QueueAsync()).Envelope.Requests.RequireTls);
    }

    [Fact]
    public async Task ImplicitTls_fromTheFirstByte_authWorks()
    {
        await using var server = await TestServer.StartAsync(("role", "submission"), ("auth", "required"), ("tls", "implicit"));
        await using var client = await TestClient.ConnectAsync(server.Address, greeted: false);
        await client.StartTlsAsync();
        Assert.StartsWith("220 ", await client.ReplyAsync(), StringComparison.Ordinal);
        await client.SayAsync("EHLO client.example");
        Assert.StartsWith("235 ", await client.SayAsync(server.Fill("AUTH PLAIN {PLAIN}")), StringComparison.Ordinal);
    }

    // Whole lines behind STARTTLS in the same packet must not be answered inside TLS (CVE-2011-0411 and its kin), nor a partial one completed there.
    [Theory]
    [InlineData("NOOP\r\n")]
    [InlineData("MAIL FROM:<evil@example.com>\r\nRCPT TO:<")]
    [InlineData("NO")]
    public async Task StartTls_plaintextBehindIt_isForgotten(string injected)
    {
        await using var server = await TestServer.StartAsync(("tls", "starttls"), ("domain", "example.com"));
        await using var client = await TestClient.ConnectAsync(server.Address);
        await client.SayAsync("EHLO client.example");
        await client.SendAsync("STARTTLS\r\n" + injected);
        Assert.StartsWith("220 ", await client.ReplyAsync(), StringComparison.Ordinal);
        await client.StartTlsAsync();
        Assert.Equal("500 5.5.1 Unknown command", await client.SayAsync("OP"));
        Assert.StartsWith("503 5.5.1 Send EHLO", await client.SayAsync("MAIL FROM:<>"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartTls_handshakeOfNonsense_endsTheSession()
    {
        await using var server = await TestServer.StartAsync(("tls", "starttls"));
        await using var client = await TestClient.ConnectAsync(server.Address);
        await client.SayAsync("EHLO client.example");
        await client.SayAsync("STARTTLS");
        await client.SendAsync("EHLO still.in.the.clear\r\nMAIL FROM:<>\r\n");
        var reply = await NextAsync(client);
        Assert.True(reply is null || !reply.StartsWith("250", StringComparison.Ordinal), reply);
    }

    private static async Task<string?> NextAsync(TestClient client)
    {
        try
        {
            return await client.ReplyAsync();
        }
        catch (EndOfStreamException)
        {
            return null;
        }
    }
}
