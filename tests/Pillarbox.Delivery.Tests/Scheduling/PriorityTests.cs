using Pillarbox.Delivery.Scheduling;
using Pillarbox.Queue;

namespace Pillarbox.Delivery.Tests.Scheduling;

/// <summary>The urgent first, and nobody last for ever (RFC 6710).</summary>
public sealed class PriorityTests
{
    [Fact]
    public void Line_gives_the_urgent_first_and_equals_in_their_order()
    {
        var line = new ReadyLine<string>();
        foreach (var (name, priority) in new[] { ("a0", 0), ("b-4", -4), ("c4", 4), ("d0", 0), ("e9", 9), ("f4", 4), ("g-4", -4) })
            line.Enqueue(name, priority);

        Assert.Equal(7, line.Count);
        Assert.Equal(9, line.Priority);
        Assert.Equal(["e9", "c4", "f4", "a0", "d0", "b-4", "g-4"], Drain(line));
        Assert.Equal((0, 0), (line.Count, line.Priority));
    }

    [Fact]
    public void Nobody_in_the_line_is_overtaken_without_end()
    {
        var line = new ReadyLine<string>();
        line.Enqueue("ordinary", 0);
        line.Enqueue("low", -9);

        var served = new List<string>();
        for (var i = 0; i < 20 * ReadyLine<string>.Lead; i++)
        {
            line.Enqueue("urgent", 9);
            Assert.True(line.TryDequeue(out var next));
            served.Add(next);
        }

        Assert.InRange(served.IndexOf("ordinary"), 1, 10 * ReadyLine<string>.Lead);
        Assert.InRange(served.IndexOf("low"), 1, 19 * ReadyLine<string>.Lead);
    }

    [Fact]
    public async Task Urgent_mail_overtakes_what_waits_for_the_same_connection()
    {
        var order = new List<string>();
        var gate = new TaskCompletionSource();
        await using var server = new ScriptedServer(async peer =>
        {
            await gate.Task.WaitAsync(peer.End);
            await peer.OpenAsync("MT-PRIORITY");
            while (await peer.HearAsync() is { } command)
            {
                if (command == "QUIT")
                {
                    await peer.SayAsync("221 bye");
                    continue;
                }

                if (command.StartsWith("RCPT", StringComparison.Ordinal))
                    order.Add(command["RCPT TO:<".Length..command.IndexOf('@', StringComparison.Ordinal)]);
                await peer.SayAsync(command == "DATA" ? "354 go on" : "250 ok");
                if (command != "DATA")
                    continue;
                await peer.MessageAsync();
                await peer.SayAsync("250 ok");
            }
        });
        await using var rig = new Rig(Rig.To($"smtp://127.0.0.1:{server.Port}") with { ConnectionsPerDestination = 1 });
        await rig.StartAsync();

        // The first is on its way, and holds the connection until all others wait.
        await rig.SubmitAsync("ann@source.test", "first@sink.test", "x\r\n");
        await Until.TrueAsync(() => server.Connections == 1);
        foreach (var (name, priority) in new[] { ("low", -1), ("ordinary", 0), ("urgent", 3), ("flash", 9) })
            await rig.SubmitAsync("ann@source.test", $"{name}@sink.test", "x\r\n", change: envelope => envelope with { Requests = SenderRequests.None with { Priority = priority } });
        gate.SetResult();
        await rig.UntilEmptyAsync();

        Assert.Equal(["first", "flash", "urgent", "ordinary", "low"], order);
    }

    private static List<string> Drain(ReadyLine<string> line)
    {
        var all = new List<string>();
        while (line.TryDequeue(out var next))
            all.Add(next);
        return all;
    }
}
