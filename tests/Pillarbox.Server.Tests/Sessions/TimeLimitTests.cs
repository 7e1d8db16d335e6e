using Microsoft.Extensions.Time.Testing;

namespace Pillarbox.Server.Tests.Sessions;

/// <summary>The limits on time as RFC 5321 §4.5.3.2 means them: what is renewed, and what is not.</summary>
public sealed class TimeLimitTests
{
    private const string Idle = "421 4.4.2 Idle for too long, goodbye";
    private const string TooSlow = "421 4.4.2 The message comes too slowly, goodbye";
    private const string TooLong = "421 4.4.2 The transaction took too long, goodbye";
    private const string InVain = "421 4.7.0 Too much that cannot be taken, goodbye";
    private static readonly string _thousandLines = string.Concat(Enumerable.Repeat("sixteen octets\r\n", 1000));

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(50));

    [Fact]
    public async Task Message_thatComesSteadily_isNeverCut()
    {
        await using var server = await StartAsync();
        await using var client = await InDataAsync(server);
        for (var minute = 0; minute < 20; minute++)
        {
            await client.SendAsync(_thousandLines);
            await PassAsync(60);
        }

        Assert.StartsWith("250 2.0.0 ", await client.SayAsync("."), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Message_thatTrickles_isCutByItsRate()
    {
        await using var server = await StartAsync();
        await using var client = await InDataAsync(server);
        Assert.Equal(TooSlow, await TrickleAsync(client, "x", 60));
        Assert.Null(await client.ReplyAsync());
        Assert.Empty(await server.QueueAsync());
    }

    [Fact]
    public async Task Message_thatTricklesBehindAFastStart_isCutByItsRate()
    {
        await using var server = await StartAsync();
        await using var client = await InDataAsync(server);
        for (var i = 0; i < 20; i++)
            await client.SendAsync(_thousandLines);
        Assert.Equal(TooSlow, await TrickleAsync(client, "x", 60));
    }

    // A whole command renews the time, a part of one does not.
    [Fact]
    public async Task Command_thatTrickles_isCutAsIdle()
    {
        await using var server = await StartAsync();
        await using var client = await TestClient.ConnectAsync(server.Address);
        Assert.Equal(Idle, await TrickleAsync(client, "N", 60));
        Assert.Null(await client.ReplyAsync());
    }

    [Fact]
    public async Task Login_thatTrickles_isCutAsIdle()
    {
        await using var server = await StartAsync(("auth", "optional"), ("insecure-auth", "true"));
        await using var client = await TestClient.ConnectAsync(server.Address);
        await client.SayAsync("EHLO client.example");
        await client.SayAsync("AUTH LOGIN");
        Assert.Equal(Idle, await TrickleAsync(client, "N", 60));
    }

    [Fact]
    public async Task Transaction_withSlowCommands_isCutInAll()
    {
        await using var server = await StartAsync(("transaction", "1000"));
        await using var client = await TestClient.ConnectAsync(server.Address);
        await client.SayAsync("EHLO client.example");
        await client.SayAsync("MAIL FROM:<>");
        Assert.Equal(TooLong, await TrickleAsync(client, "NOOP\r\n", 200, expectedReplies: "250 2.0.0 OK"));
        Assert.Null(await client.ReplyAsync());
    }

    [Fact]
    public async Task Transaction_afterAnother_hasItsOwnTime()
    {
        await using var server = await StartAsync(("transaction", "1000"));
        await using var client = await TestClient.ConnectAsync(server.Address);
        await client.SayAsync("EHLO client.example");
        for (var i = 0; i < 10; i++)
        {
            // One write, so that the session never waits between the two transactions.
            await client.SendAsync("RSET\r\nMAIL FROM:<>\r\n");
            Assert.StartsWith("250 2.0.0", await client.ReplyAsync(), StringComparison.Ordinal);
            Assert.StartsWith("250 2.1.0", await client.ReplyAsync(), StringComparison.Ordinal);
            await PassAsync(280);
        }
    }

    [Fact]
    public async Task Message_refusedAndGoingOnSteadily_isToldSoAndCut()
    {
        await using var server = await StartAsync();
        await using var client = await InDataAsync(server);
        await client.SendAsync("bare\nnewline\r\n");
        Assert.Equal("550 5.5.2 Bare CR or LF in the message", await TrickleAsync(client, _thousandLines, 60));
        Assert.Equal(InVain, await client.ReplyAsync());
        Assert.Null(await client.ReplyAsync());
    }

    // 552 where it is due, and not for ever after.
    [Fact]
    public async Task Message_withoutEnd_isToldSoAndCut()
    {
        await using var server = await TestServer.StartAsync(("domain", "example.com"), ("message-size", "1000"));
        await using var client = await InDataAsync(server);
        var sending = FloodAsync(client, _thousandLines);
        Assert.Equal("552 5.3.4 Message larger than this server takes", await client.ReplyAsync());
        Assert.Equal(InVain, await client.ReplyAsync());
        await sending;
    }

    [Fact]
    public async Task Line_withoutEnd_isToldSoAndCut()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await TestClient.ConnectAsync(server.Address);
        var sending = FloodAsync(client, new string('x', 16_000));
        Assert.Equal("500 5.5.2 Line too long", await client.ReplyAsync());
        Assert.Equal(InVain, await client.ReplyAsync());
        await sending;
    }

    private Task<TestServer> StartAsync(params (string, string)[] more) =>
        TestServer.StartAsync([("idle", "300"), ("data-rate", "100"), ("domain", "example.com"), .. more], _time);

    private static async Task<TestClient> InDataAsync(TestServer server)
    {
        var client = await TestClient.ConnectAsync(server.Address);
        await client.SayAsync("EHLO client.example");
        await client.SayAsync("MAIL FROM:<>");
        await client.SayAsync("RCPT TO:<a@example.com>");
        Assert.StartsWith("354 ", await client.SayAsync("DATA"), StringComparison.Ordinal);
        return client;
    }

    // Sends the same again and again, with so many seconds between, until the server says something else than is expected.
    private async Task<string?> TrickleAsync(TestClient client, string text, int seconds, string? expectedReplies = null)
    {
        var reply = client.ReplyAsync();
        for (var i = 0; i < 400; i++)
        {
            await client.SendAsync(text);
            if (expectedReplies is not null)
            {
                if (await reply is var said && said != expectedReplies)
                    return said;
                reply = client.ReplyAsync();
            }

            await PassAsync(seconds);
            if (reply.IsCompleted)
                break;
        }

        return await reply;
    }

    private async Task PassAsync(int seconds)
    {
        // The session's threads see what was sent, and the sweep what became of it.
        await Task.Delay(20, TestContext.Current.CancellationToken);
        for (var i = 0; i < seconds; i += 10)
            _time.GoOn(TimeSpan.FromSeconds(10));
        await Task.Delay(20, TestContext.Current.CancellationToken);
    }

    private static Task FloodAsync(TestClient client, string text) => Task.Run(async () =>
    {
        try
        {
            while (true)
                await client.SendAsync(text);
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The server has closed, as it should.
        }
    });
}
