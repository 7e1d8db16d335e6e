using Pillarbox.Peers;

namespace Pillarbox.EndToEnd.Tests.Durability;

/// <summary>A client that is gone in the middle of DATA has handed nothing over.</summary>
public sealed class VanishingClientTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Client_that_vanishes_in_the_middle_of_DATA_leaves_nothing_behind()
    {
        using var server = new TestServer();
        await using (var process = await server.StartAsync())
        {
            foreach (var size in new[] { 1_000, 400_000 })
            {
                await VanishAsync(server, size, session => session.Dispose());
                await VanishAsync(server, size, session => session.Reset());
            }

            await Readiness.UntilAsync(() => Files(server).Length == 0, "no body is left of the clients that vanished");

            // The server itself is well: the next one is served.
            using var next = await TestSession.OpenAsync(server.Port, Token);
            await next.SendAsync("next@load.test", ["x@later.test"], TestMessage.Text("next", 300_000), Token);
            Assert.Single(Files(server));
            await process.StopAsync();
        }

        var message = Assert.Single(await QueueReading.ReadAsync(server.Queue));
        Assert.Equal("next@load.test", message.Envelope.Sender!.Text);
    }

    private static async Task VanishAsync(TestServer server, int size, Action<TestSession> vanish)
    {
        using var session = await TestSession.OpenAsync(server.Port, Token);
        await session.BeginAsync("gone@load.test", ["x@later.test"], Token);
        await session.WriteAsync(TestMessage.Text("gone", size), Token);

        // A large one is on the disk by now, so that there is something to be left behind.
        if (size > 300_000)
            await Readiness.UntilAsync(() => Files(server).Length > 0, "the body has a file");
        vanish(session);
    }

    private static string[] Files(TestServer server) => Directory.GetFiles(server.Bodies);
}
