using System.Diagnostics;
using Pillarbox.Peers;

namespace Pillarbox.EndToEnd.Tests.Durability;

/// <summary>
/// The server is killed at random moments under load, again and again. What got its 250 is delivered or still queued, each time; what comes twice
/// is only what was delivered while its outcome was not on the disk yet.
/// </summary>
public sealed class KillTests
{
    private const int Sessions = 6;
    private const int MessagesPerSession = 150;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_server_loses_nothing_it_acknowledged()
    {
        var rounds = Environment.GetEnvironmentVariable("PILLARBOX_SLOW") == "1" ? 200 : 20;
        var seed = int.TryParse(Environment.GetEnvironmentVariable("PILLARBOX_SEED"), out var given) ? given : (int)(Stopwatch.GetTimestamp() & 0xffffff);
        Console.WriteLine($"kill -9: {rounds} rounds, seed {seed} (PILLARBOX_SEED repeats it)");
        var random = new Random(seed);

        using var server = new TestServer();
        var ledger = new Ledger(server);
        await using (var sink = StartSink(server, server.SinkPort, "sink"))
        {
            for (var round = 0; round < rounds; round++)
                await RunRoundAsync(server, ledger, round, seed, TimeSpan.FromMilliseconds(random.Next(1500)));

            // Now the hop that was away all the time comes back, and the server is left in peace.
            await using var later = StartSink(server, server.LaterPort, "later");
            await using (var process = await server.StartAsync())
            {
                await Readiness.UntilAsync(
                    () =>
                    {
                        ledger.ReadDeliveries();
                        return ledger.Undelivered().Count == 0;
                    },
                    "all that was acknowledged is delivered",
                    TimeSpan.FromMinutes(5));
                await process.StopAsync();
            }

            ledger.ReadDeliveries();
        }

        var left = await QueueReading.ReadAsync(server.Queue);
        Assert.DoesNotContain(left, message => ledger.IsAcknowledged(Ledger.TokenOf(message)));
        Console.WriteLine(ledger.Summary());
        Assert.Empty(ledger.Inexplicable());
        Assert.True(ledger.AcknowledgedCount > rounds, "the load was too light to show anything");
    }

    private static async Task RunRoundAsync(TestServer server, Ledger ledger, int round, int seed, TimeSpan life)
    {
        await using (var process = await server.StartAsync())
        {
            var load = Enumerable.Range(0, Sessions).Select(session => SendAsync(server, ledger, $"r{round}s{session}", new Random(seed + (1000 * round) + session))).ToList();
            await Task.Delay(life, Token);
            await process.KillAsync();
            await Task.WhenAll(load);
        }

        // The hop still reads what was on its way when the server died; then what it has is all it gets.
        await ledger.WaitForQuietAsync();
        ledger.Killed(await QueueReading.ReadAsync(server.Queue));
        Assert.Empty(ledger.Lost());
    }

    private static async Task SendAsync(TestServer server, Ledger ledger, string name, Random random)
    {
        try
        {
            using var session = await TestSession.OpenAsync(server.Port, Token);
            for (var i = 0; i < MessagesPerSession; i++)
            {
                var token = $"{name}n{i}x";
                string[] recipients = random.Next(10) switch
                {
                    0 => ["x@later.test"],
                    1 => ["x@sink.test", "x@box.test"],
                    2 => ["x@box.test", "x@later.test", "x@sink.test"],
                    < 6 => ["x@box.test"],
                    _ => ["x@sink.test"],
                };
                var size = random.Next(10) == 0 ? random.Next(66_000, 300_000) : random.Next(300, 5_000);
                await session.SendAsync($"{token}@load.test", recipients, TestMessage.Text(token, size), Token);
                ledger.Acknowledged(token, recipients);
            }
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            // The server is dead, as planned. Whatever this session has not heard a 250 of is nobody's promise.
        }
    }

    private static ChildProcess StartSink(TestServer server, int port, string name)
    {
        Directory.CreateDirectory(server[name]);
        return ChildProcess.Start(Command.Find("smtp-sink"), ["-u", Environment.UserName, "-d", Path.Combine(server[name], "m."), $"127.0.0.1:{port}", "1024"]);
    }
}
