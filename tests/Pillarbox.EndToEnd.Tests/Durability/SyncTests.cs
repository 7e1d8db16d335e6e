using Pillarbox.Peers;

namespace Pillarbox.EndToEnd.Tests.Durability;

/// <summary>
/// Killing a process proves no sync: the kernel still has what was written. So the server's system calls are traced, and for every 250 there
/// must have been a sync, in time, of all that holds the message. That the check can fail is shown with the syncs taken away.
/// </summary>
public sealed class SyncTests
{
    private const string Traced = "trace=mkdir,mkdirat,openat,write,writev,pwrite64,pwritev,pwritev2,sendto,sendmsg,fsync,fdatasync";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_250_follows_a_sync_of_what_holds_its_message()
    {
        var (acknowledged, faults) = await TraceAsync();
        Assert.Equal(Sessions * Messages, acknowledged.Count);
        Assert.Empty(faults);
    }

    [Fact]
    public async Task Check_of_the_syncs_fails_when_sync_does_nothing()
    {
        // eatmydata makes fsync and fdatasync return at once.
        var (acknowledged, faults) = await TraceAsync(Command.Find("eatmydata"));
        Assert.Equal(Sessions * Messages, acknowledged.Count);
        Assert.All(acknowledged, message => Assert.Contains(faults, fault => fault.StartsWith(message.Token, StringComparison.Ordinal)));
    }

    private const int Sessions = 6;
    private const int Messages = 20;

    private static async Task<(List<Acknowledged> Acknowledged, List<string> Faults)> TraceAsync(params string[] preload)
    {
        using var server = new TestServer();
        var trace = server["trace"];
        List<Acknowledged> acknowledged;

        // Strings are shown whole: a token may stand anywhere in a batch. With -D the process that was started is the server itself, which
        // takes the signals; strace ends after it, and with it the output that StopAsync reads to its end.
        string[] strace = [Command.Find("strace"), "-D", "-f", "-y", "--seccomp-bpf", "-s", "8000000", "-e", Traced, "-e", "signal=none", "-o", trace];
        await using (var process = await server.StartAsync([.. strace, .. preload]))
        {
            acknowledged = [.. (await Task.WhenAll(Enumerable.Range(0, Sessions).Select(session => SendAsync(server, session)))).SelectMany(sent => sent)];
            await process.StopAsync();
        }

        var calls = StraceLog.Read(File.ReadLines(trace));
        return (acknowledged, new SyncAudit(calls, server.Queue).Faults(acknowledged));
    }

    private static async Task<List<Acknowledged>> SendAsync(TestServer server, int number)
    {
        List<Acknowledged> sent = [];
        using var session = await TestSession.OpenAsync(server.Port, Token);
        for (var i = 0; i < Messages; i++)
        {
            var token = $"token-{number}-{i}-{Guid.NewGuid():N}";
            var large = i % 5 == number % 5;
            var reply = await session.SendAsync(
                $"{token}@load.test", ["x@later.test"], TestMessage.Text(token, large ? 150_000 : 700 + (i * 100)), Token);
            sent.Add(new(token, reply, large));
        }

        return sent;
    }
}
