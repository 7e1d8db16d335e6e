using System.Text;

namespace Pillarbox.Server.Tests.Sessions;

/// <summary>Whose session it is: as PROXY and XCLIENT say, for those who may.</summary>
public sealed class ClientTests
{
    private const string TooMany = "421 4.7.0 Too many connections from your address";

    [Fact]
    public async Task Proxied_client_isCountedLoggedAndWrittenIntoReceived()
    {
        await using var server = await TestServer.StartAsync(("proxy-from", "127.0.0.0/8"), ("domain", "example.com"));
        await using (var client = await ProxiedAsync(server, "PROXY TCP6 2001:db8::7 2001:db8::1 40000 25\r\n"))
        {
            Assert.StartsWith("220 ", await client.ReplyAsync(), StringComparison.Ordinal);
            await client.SayAsync("EHLO client.example");
            await client.SayAsync("MAIL FROM:<>");
            await client.SayAsync("RCPT TO:<a@example.com>");
            await client.SayAsync("DATA");
            Assert.StartsWith("250 2.0.0 ", await client.SayAsync("x\r\n."), StringComparison.Ordinal);
            await client.SayAsync("QUIT");
        }

        var envelope = Assert.Single(await server.QueueAsync()).Envelope;
        Assert.Equal("2001:db8::7", envelope.Client);
        Assert.StartsWith("Received: from client.example ([IPv6:2001:db8::7])\r\n", Encoding.ASCII.GetString(envelope.Prologue.Span), StringComparison.Ordinal);
        await Eventually.UntilAsync(() => server.Logged.Any(line => line.Contains(" from 2001:db8::7 by 127.0.0.1: ", StringComparison.Ordinal)));
        Assert.Equal("2001:db8::7", server.Sessions.Recent(1)[0].Client);
    }

    // One host of IPv6 has a /64 to choose its addresses from.
    [Theory]
    [InlineData("2001:db8::7", "2001:db8::ffff:1", true)]
    [InlineData("2001:db8::7", "2001:db8:0:1::7", false)]
    [InlineData("192.0.2.7", "192.0.2.7", true)]
    [InlineData("192.0.2.7", "192.0.2.8", false)]
    public async Task Proxied_clients_areCountedByAddressOrNetwork(string one, string other, bool same)
    {
        await using var server = await TestServer.StartAsync(("proxy-from", "127.0.0.0/8"), ("connections-per-client", "1"));
        await using var first = await ProxiedAsync(server, Header(one));
        Assert.StartsWith("220 ", await first.ReplyAsync(), StringComparison.Ordinal);
        await using (var second = await ProxiedAsync(server, Header(other)))
            Assert.StartsWith(same ? TooMany : "220 ", await second.ReplyAsync(), StringComparison.Ordinal);

        // The one inside goes on, and makes room by leaving.
        Assert.StartsWith("221 ", await first.SayAsync("QUIT"), StringComparison.Ordinal);
        await Eventually.UntilAsync(async () =>
        {
            await using var third = await ProxiedAsync(server, Header(one));
            return (await third.ReplyAsync())!.StartsWith("220 ", StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Proxied_connections_beforeTheirHeader_areNotTheBalancers()
    {
        await using var server = await TestServer.StartAsync(("proxy-from", "127.0.0.0/8"), ("connections-per-client", "1"));
        await using var silent = await ProxiedAsync(server, "");
        await using var other = await ProxiedAsync(server, "");
        await using var client = await ProxiedAsync(server, Header("192.0.2.7"));
        Assert.StartsWith("220 ", await client.ReplyAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Proxied_client_ofImplicitTls_shakesHandsBehindTheHeader()
    {
        await using var server = await TestServer.StartAsync(("proxy-from", "127.0.0.0/8"), ("tls", "implicit"));
        await using var client = await ProxiedAsync(server, Header("192.0.2.7"));
        await client.StartTlsAsync();
        Assert.StartsWith("220 ", await client.ReplyAsync(), StringComparison.Ordinal);
        Assert.Equal("192.0.2.7", server.Sessions.Recent(1)[0].Client);
    }

    [Theory]
    [InlineData("EHLO client.example\r\n", "no PROXY header: 45484c4f")]
    [InlineData("\r\n\r\n\0\r\nQUIT\n!\u0011\u00ff\u00ff", "no PROXY header: 0d0a0d0a")]
    public async Task Balancer_withoutAHeader_isCutOffAndLogged(string said, string logged)
    {
        await using var server = await TestServer.StartAsync(("proxy-from", "127.0.0.0/8"));
        await using var client = await ProxiedAsync(server, said);
        Assert.Null(await client.ReplyAsync());
        await Eventually.UntilAsync(() => server.Logged.Any(line => line.Contains(logged, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Xclient_toAClientWithTooManyConnections_gets421()
    {
        await using var server = await TestServer.StartAsync(("xclient-from", "127.0.0.0/8"), ("connections-per-client", "2"));
        await using var first = await TestClient.ConnectAsync(server.Address);
        Assert.StartsWith("220 ", await first.SayAsync("XCLIENT ADDR=IPV6:2001:db8::7"), StringComparison.Ordinal);
        await using var second = await TestClient.ConnectAsync(server.Address);
        Assert.StartsWith("220 ", await second.SayAsync("XCLIENT ADDR=IPV6:2001:db8::8"), StringComparison.Ordinal);
        await using var third = await TestClient.ConnectAsync(server.Address);
        Assert.Equal(TooMany, await third.SayAsync("XCLIENT ADDR=IPV6:2001:db8::9"));
        Assert.Null(await third.ReplyAsync());
        Assert.StartsWith("250 ", await first.SayAsync("NOOP"), StringComparison.Ordinal);
    }

    // Said in the clear, it may have been said by anybody on the way (RFC 3207 §4.2).
    [Fact]
    public async Task Xclient_aheadOfStartTls_isForgotten()
    {
        await using var server = await TestServer.StartAsync(("xclient-from", "127.0.0.0/8"), ("tls", "starttls"), ("relay-from", "192.0.2.0/24"));
        await using var client = await TestClient.ConnectAsync(server.Address);
        Assert.StartsWith("220 ", await client.SayAsync("XCLIENT ADDR=192.0.2.7 LOGIN=ann HELO=client.example"), StringComparison.Ordinal);
        Assert.StartsWith("220 ", await client.SayAsync("STARTTLS"), StringComparison.Ordinal);
        await client.StartTlsAsync();
        await client.SayAsync("EHLO client.example");
        await client.SayAsync("MAIL FROM:<>");
        Assert.StartsWith("550 5.7.1 ", await client.SayAsync("RCPT TO:<somebody@elsewhere.example>"), StringComparison.Ordinal);
        Assert.Equal("127.0.0.1", server.Sessions.Recent(1)[0].Client);
    }

    [Fact]
    public async Task Xclient_client_isWrittenIntoReceived()
    {
        await using var server = await TestServer.StartAsync(("xclient-from", "127.0.0.0/8"), ("domain", "example.com"));
        await using var client = await TestClient.ConnectAsync(server.Address);
        await client.SayAsync("XCLIENT NAME=mail.client.example ADDR=192.0.2.7 HELO=client.example PROTO=ESMTP LOGIN=ann");
        await client.SayAsync("MAIL FROM:<>");
        await client.SayAsync("RCPT TO:<a@example.com>");
        await client.SayAsync("DATA");
        Assert.StartsWith("250 2.0.0 ", await client.SayAsync("x\r\n."), StringComparison.Ordinal);
        var envelope = Assert.Single(await server.QueueAsync()).Envelope;
        Assert.Equal(("192.0.2.7", "ann"), (envelope.Client, envelope.Account));
        Assert.Matches(
            @"^Received: from client\.example \(mail\.client\.example \[192\.0\.2\.7\]\)\r\n\tby mx\.example\.org \(Pillarbox\) with ESMTPA id ",
            Encoding.ASCII.GetString(envelope.Prologue.Span));
    }

    // What a client may not use is not offered to it (RFC 1985 §4, XCLIENT_README).
    [Theory]
    [InlineData("127.0.0.0/8", true)]
    [InlineData("192.0.2.0/24", false)]
    public async Task Ehlo_offersXclientAndEtrn_toThoseWhoMay(string network, bool offered)
    {
        await using var server = await TestServer.StartAsync(("xclient-from", network), ("etrn-from", network));
        await using var client = await TestClient.ConnectAsync(server.Address);
        await client.SendAsync("EHLO client.example\r\n");
        var lines = await client.ReplyLinesAsync();
        Assert.Equal(offered, lines.Any(line => line.Contains("XCLIENT", StringComparison.Ordinal)));
        Assert.Equal(offered, lines.Any(line => line.EndsWith("ETRN", StringComparison.Ordinal)));
        Assert.DoesNotContain(lines, line => line.EndsWith("VRFY", StringComparison.Ordinal));

        // A client that the peer speaks for may do no more than its own address may.
        if (offered)
        {
            await client.SayAsync("XCLIENT ADDR=203.0.113.9");
            await client.SendAsync("EHLO client.example\r\n");
            Assert.DoesNotContain(await client.ReplyLinesAsync(), line => line.EndsWith("ETRN", StringComparison.Ordinal));
        }
    }

    private static string Header(string client) => client.Contains(':', StringComparison.Ordinal)
        ? $"PROXY TCP6 {client} 2001:db8::1 40000 25\r\n"
        : $"PROXY TCP4 {client} 198.51.100.1 40000 25\r\n";

    private static async Task<TestClient> ProxiedAsync(TestServer server, string header)
    {
        var client = await TestClient.ConnectAsync(server.Address, greeted: false);
        await client.SendAsync(header);
        return client;
    }
}
