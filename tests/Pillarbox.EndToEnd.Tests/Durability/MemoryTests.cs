using System.Globalization;
using System.Text;
using Pillarbox.Peers;

namespace Pillarbox.EndToEnd.Tests.Durability;

/// <summary>Memory is bounded whatever the size of the messages, on their way in and on their way out.</summary>
public sealed class MemoryTests
{
    private const int AtOnce = 8;
    private const long MiB = 1024 * 1024;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Eight_bodies_of_50_MB_at_once_need_no_more_memory_than_eight_of_5_MB()
    {
        using var server = new TestServer();
        await using var sink = ChildProcess.Start(Command.Find("smtp-sink"), ["-u", Environment.UserName, $"127.0.0.1:{server.SinkPort}", "64"]);
        await using var process = await server.StartAsync();

        // Warm-up: code is compiled, pools are filled.
        for (var i = 0; i < 3; i++)
            await PeakRiseAsync(server, process, 5_000_000);

        var small = await PeakRiseAsync(server, process, 5_000_000);
        var large = await PeakRiseAsync(server, process, 50_000_000);
        Console.WriteLine(
            $"peak of resident memory: +{small / MiB} MiB for {AtOnce} bodies of 5 MB, +{large / MiB} MiB for {AtOnce} of 50 MB; {Status(process, "VmRSS") / MiB} MiB resident");

        Assert.InRange(large, 0, 32 * MiB);

        // Ten times the octets may move the peak by what the collector and the allocator happen to hold, not by what the bodies weigh.
        Assert.InRange(large, 0, small + (16 * MiB));
    }

    /// <summary>By how many octets the peak rises over what was resident before, while that many messages come in and go out.</summary>
    private static async Task<long> PeakRiseAsync(TestServer server, PillarboxProcess process, int size)
    {
        // 5 sets the peak back to what is resident now (proc(5), clear_refs).
        await File.WriteAllTextAsync($"/proc/{process.Process.Id}/clear_refs", "5", Token);
        var before = Status(process, "VmRSS");
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => SendAsync(server, size)));
        await Readiness.UntilAsync(() => Directory.GetFiles(server.Bodies).Length == 0, "all went on", TimeSpan.FromMinutes(3));
        return Status(process, "VmHWM") - before;
    }

    private static async Task SendAsync(TestServer server, int size)
    {
        var piece = Encoding.Latin1.GetString([.. Enumerable.Range(0, 800).SelectMany(_ => "0123456789 abcdefghijklmnopqrstuvwxyz 0123456789 abcdefghijklm\r\n"u8.ToArray())]);
        using var session = await TestSession.OpenAsync(server.Port, Token);
        await session.BeginAsync("ann@load.test", ["x@sink.test"], Token);
        await session.WriteAsync("Subject: large\r\n\r\n", Token);
        for (var sent = 0; sent < size; sent += piece.Length)
            await session.WriteAsync(piece, Token);
        await session.CommandAsync(".", 250, Token);
    }

    private static long Status(PillarboxProcess process, string name)
    {
        var line = File.ReadLines($"/proc/{process.Process.Id}/status").First(line => line.StartsWith(name, StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2].Split('\t')[^1], CultureInfo.InvariantCulture);
    }
}
