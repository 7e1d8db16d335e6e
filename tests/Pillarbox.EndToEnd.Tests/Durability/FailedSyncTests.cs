using Pillarbox.Peers;

namespace Pillarbox.EndToEnd.Tests.Durability;

/// <summary>A disk that fails while the server works: strace lets each sync of the log from the thirtieth on return EIO.</summary>
public sealed class FailedSyncTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Server_whose_disk_fails_acknowledges_nothing_more_and_keeps_what_it_acknowledged()
    {
        using var server = new TestServer();
        List<string> acknowledged = [];
        string[] strace =
        [
            Command.Find("strace"), "-D", "-f", "--seccomp-bpf", "-e", "trace=fdatasync", "-e", "inject=fdatasync:error=EIO:when=30+",
            "-e", "signal=none", "-o", "/dev/null",
        ];
        await using (var process = await server.StartAsync(strace))
        {
            var refused = await Assert.ThrowsAsync<UnexpectedReplyException>(() => SendAsync(server, acknowledged, 1000));
            Assert.StartsWith("451 4.3.0", refused.Message, StringComparison.Ordinal);
            for (var i = 0; i < 5; i++)
                await Assert.ThrowsAsync<UnexpectedReplyException>(() => SendAsync(server, [], 1));
            await process.StopAsync();
        }

        Assert.NotEmpty(acknowledged);
        await using (var again = await server.StartAsync())
        {
            await SendAsync(server, acknowledged, 1);
            await again.StopAsync();
        }

        var queued = (await QueueReading.ReadAsync(server.Queue)).Select(Ledger.TokenOf).ToHashSet();
        Assert.Subset(queued, acknowledged.ToHashSet());
    }

    private static async Task SendAsync(TestServer server, List<string> acknowledged, int count)
    {
        using var session = await TestSession.OpenAsync(server.Port, Token);
        for (var i = 0; i < count; i++)
        {
            var token = $"t{Guid.NewGuid():N}";
            await session.SendAsync($"{token}@load.test", ["x@later.test"], TestMessage.Text(token, i % 7 == 3 ? 100_000 : 1_000), Token);
            acknowledged.Add(token);
        }
    }
}
