using Microsoft.Extensions.Time.Testing;
using static Pillarbox.Server.Tests.Eventually;

namespace Pillarbox.Server.Tests.Sessions;

/// <summary>How sessions end when it is not the client who ends them well.</summary>
public sealed class EndingTests
{
    private const string IdleReply = "421 4.4.2 Idle for too long, goodbye";
    private const string StopReply = "421 4.3.2 Service shutting down, try again later";

    [Theory]
    [InlineData("")]
    [InlineData("EHLO client.example\r\nMAIL FROM:<>\r\nRCPT TO:<a@example.com>\r\nDATA\r\nSubject: half a mess")]
    public async Task Session_silentForTooLong_gets421(string said)
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(50));
        await using var server = await TestServer.StartAsync([("idle", "300"), ("domain", "example.com")], time);
        await using var client = await TestClient.ConnectAsync(server.Address);
        await client.SendAsync(said);
        for (var i = 0; i < said.Split("\r\n").Length - 1; i++)
            Assert.NotNull(await client.ReplyAsync());

        await SettledAsync(server, said);
        time.GoOn(TimeSpan.FromSeconds(290));
        Assert.Null(Assert.Single(server.Sessions.Recent(10)).Ended);
        await AdvanceUntilAsync(time, client.ReplyAsync(), IdleReply);
        Assert.Null(await client.ReplyAsync());
        Assert.Empty(await server.QueueAsync());
    }

    [Fact]
    public async Task Session_talkingNowAndThen_isNotIdle()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(50));
        await using var server = await TestServer.StartAsync([("idle", "300"), ("domain", "example.com")], time);
        await using var client = await TestClient.ConnectAsync(server.Address);
        for (var i = 0; i < 10; i++)
        {
            time.GoOn(TimeSpan.FromSeconds(200));
            Assert.StartsWith("250 ", await client.SayAsync("NOOP"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Stop_betweenTransactions_gets421AtOnce()
    {
        await using var server = await TestServer.StartAsync(("domain", "example.com"));
        await using var client = await TestClient.ConnectAsync(server.Address);
        Assert.StartsWith("250 ", await client.SayAsync("EHLO client.example"), StringComparison.Ordinal);
        var stopped = server.StopAsync();
        Assert.Equal(StopReply, await client.ReplyAsync());
        Assert.Null(await client.ReplyAsync());
        await stopped;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stop_inATransaction_letsItFinish(bool tls)
    {
        await using var server = await TestServer.StartAsync(("domain", "example.com"), ("tls", tls ? "starttls" : "none"));
        await using var client = await ReadyAsync(server, tls);
        await client.SayAsync("MAIL FROM:<>");
        var stopped = server.StopAsync();
        Assert.StartsWith("250 ", await client.SayAsync("RCPT TO:<a@example.com>"), StringComparison.Ordinal);
        Assert.StartsWith("354 ", await client.SayAsync("DATA"), StringComparison.Ordinal);
        Assert.StartsWith("250 2.0.0 ", await client.SayAsync("x\r\n."), StringComparison.Ordinal);
        Assert.Equal(StopReply, await client.ReplyAsync());
        Assert.Null(await client.ReplyAsync());
        await stopped;
        Assert.Single(await server.QueueAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stop_inATransactionPastTheGrace_gets421(bool tls)
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(50));
        await using var server = await TestServer.StartAsync(
            [("shutdown-grace", "30"), ("domain", "example.com"), ("tls", tls ? "starttls" : "none")], time);
        await using var client = await ReadyAsync(server, tls);
        await client.SayAsync("MAIL FROM:<>");
        await client.SayAsync("RCPT TO:<a@example.com>");
        await client.SayAsync("DATA");
        await client.SendAsync("half a mess");
        var stopped = server.StopAsync();
        await AdvanceUntilAsync(time, client.ReplyAsync(), StopReply);
        Assert.Null(await client.ReplyAsync());
        await stopped;
        Assert.Empty(await server.QueueAsync());
    }

    [Fact]
    public async Task Session_overTlsSilentForTooLong_gets421Once()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(50));
        await using var server = await TestServer.StartAsync([("idle", "300"), ("tls", "starttls")], time);
        await using var client = await ReadyAsync(server, tls: true);
        await AdvanceUntilAsync(time, client.ReplyAsync(), IdleReply);
        Assert.Null(await client.ReplyAsync());
    }

    // It neither hangs, nor do its replies pile up in memory, nor does it stop the server from stopping.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Client_thatNeverReads_isCutOff(bool tls)
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(50));
        await using var server = await TestServer.StartAsync([("idle", "300"), ("chatter", "100000000"), ("tls", tls ? "starttls" : "none")], time);
        await using var client = await ReadyAsync(server, tls);
        var noops = string.Concat(Enumerable.Repeat("NOOP\r\n", 1000));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var sending = Task.Run(async () =>
        {
            try
            {
                for (var i = 0; i < 20_000; i++)
                    await client.SendAsync(noops);
            }
            catch (Exception gone) when (gone is IOException or ObjectDisposedException or OperationCanceledException)
            {
                // As it should be.
            }
        }, TestContext.Current.CancellationToken);
        await UntilAsync(() =>
        {
            time.GoOn(TimeSpan.FromSeconds(20));
            return server.Sessions.Recent(1)[0].Ended is not null;
        });
        Assert.True(GC.GetTotalMemory(forceFullCollection: true) - before < 64 << 20);
        await client.DisposeAsync();
        await sending;
        await server.StopAsync();
    }

    [Fact]
    public async Task Connect_pastTheLimit_gets421InPlaceOfTheGreeting_andThoseInsideGoOn()
    {
        await using var server = await TestServer.StartAsync(("connections", "2"));
        await using var first = await TestClient.ConnectAsync(server.Address);
        await using var second = await TestClient.ConnectAsync(server.Address);
        await using (var third = await TestClient.ConnectAsync(server.Address, greeted: false))
        {
            Assert.Equal("421 4.3.2 Too many connections, try again later", await third.ReplyAsync());
            Assert.Null(await third.ReplyAsync());
        }

        Assert.StartsWith("250 ", await first.SayAsync("NOOP"), StringComparison.Ordinal);
        Assert.StartsWith("221 ", await second.SayAsync("QUIT"), StringComparison.Ordinal);
        Assert.Null(await second.ReplyAsync());
        await GreetedAsync(server);
    }

    [Fact]
    public async Task Connect_pastTheLimitOfItsAddress_gets421()
    {
        await using var server = await TestServer.StartAsync(("connections-per-client", "1"));
        await using var first = await TestClient.ConnectAsync(server.Address);
        await using (var second = await TestClient.ConnectAsync(server.Address, greeted: false))
            Assert.Equal("421 4.7.0 Too many connections from your address", await second.ReplyAsync());
        await first.SayAsync("QUIT");
        await GreetedAsync(server);
    }

    [Fact]
    public async Task Client_vanishingInData_leavesNothingBehind()
    {
        await using var server = await TestServer.StartAsync(("domain", "example.com"));
        var client = await TestClient.ConnectAsync(server.Address);
        await client.SayAsync("EHLO client.example");
        await client.SayAsync("MAIL FROM:<>");
        await client.SayAsync("RCPT TO:<a@example.com>");
        await client.SayAsync("DATA");
        await client.SendAsync(new string('x', 200_000));
        client.Vanish();
        await UntilAsync(() => Assert.Single(server.Sessions.Recent(1)).Ended is not null);
        Assert.Empty(await server.QueueAsync());
    }

    private static async Task<TestClient> ReadyAsync(TestServer server, bool tls)
    {
        var client = await TestClient.ConnectAsync(server.Address);
        await client.SayAsync("EHLO client.example");
        if (tls)
        {
            await client.SayAsync("STARTTLS");
            await client.StartTlsAsync();
            await client.SayAsync("EHLO client.example");
        }

        return client;
    }

    // A session of another client may take a moment to be counted out.
    private static Task GreetedAsync(TestServer server) => UntilAsync(async () =>
    {
        await using var client = await TestClient.ConnectAsync(server.Address, greeted: false);
        return (await client.ReplyAsync())!.StartsWith("220 ", StringComparison.Ordinal);
    });

    private static async Task SettledAsync(TestServer server, string said)
    {
        if (said.Length > 0)
            await UntilAsync(() => server.Sessions.Recent(1)[0].Lines.Any(line => line.Text.StartsWith("354", StringComparison.Ordinal)));
        await Task.Delay(100, TestContext.Current.CancellationToken);
    }
}
