using System.Diagnostics;
using System.Globalization;
using Pillarbox.Protocol.Grammar;
using Pillarbox.Queue;
using Pillarbox.Queue.RocksDb;

// Measures the embedded store as sessions and delivery use it: producers that accept messages and wait for each, then record the
// outcome of each. CPU is that of the whole process, the producers' share included.
//
//   dotnet run -c Release --project bench/Pillarbox.QueueBench -- [DIRECTORY [MESSAGES [PRODUCERS]]]
//   dotnet run -c Release --project bench/Pillarbox.QueueBench -- DIRECTORY soak SECONDS

var directory = args.Length > 0 ? args[0] : Directory.CreateTempSubdirectory("pillarbox-bench-").FullName;
if (args is [_, "soak", var seconds])
{
    await Soak.RunAsync(Path.Combine(directory, "soak"), int.Parse(seconds, CultureInfo.InvariantCulture));
    return;
}

var messages = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 200_000;
var producers = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 50;
Console.WriteLine("octets\twhat\tmessages\tmessages/s\tCPU µs/message\tallocated octets/message");
foreach (var size in new[] { 1_000, 10_000, 1_000, 10_000 })
{
    var path = Path.Combine(directory, $"store-{size}");
    await using (var load = new Load(path, size, producers))
    {
        var count = size > 5_000 ? messages / 4 : messages;
        await load.MeasureAsync("accept", count, load.AcceptAsync);
        await load.MeasureAsync("record", count, load.RecordAsync);
        await load.MeasureAsync("accept, record", count, load.AcceptAndRecordAsync);
    }

    Directory.Delete(path, recursive: true);
}

/// <summary>Producers at a store.</summary>
internal sealed class Load(string path, int size, int producers) : IAsyncDisposable
{
    private static readonly RecipientChange[] Delivered = [RecipientChange.Done(0)];

    private readonly RocksDbQueueStore _store = RocksDbQueueStore.Open(new RocksDbQueueOptions { Directory = path });
    private readonly byte[] _octets = [.. Enumerable.Range(0, size).Select(i => (byte)(' ' + (i * 7919 % 95)))];
    private readonly Mailbox _from = Mailbox.Parse("ann@example.org");
    private readonly Mailbox _to = Mailbox.Parse("bob@example.net");
    private readonly byte[] _received = new byte[150];
    private readonly List<QueueId>[] _accepted = [.. Enumerable.Range(0, producers).Select(_ => new List<QueueId>())];

    public async Task MeasureAsync(string what, int count, Func<int, Task> one)
    {
        var each = count / producers;
        var watch = Stopwatch.StartNew();
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        var allocated = GC.GetTotalAllocatedBytes();
        await Task.WhenAll(Enumerable.Range(0, producers).Select(producer => Task.Run(async () =>
        {
            for (var i = 0; i < each; i++)
                await one(producer);
        })));
        process.Refresh();
        var cpu = (process.TotalProcessorTime - before).TotalMicroseconds / (each * producers);
        var memory = (GC.GetTotalAllocatedBytes() - allocated) / (each * producers);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{size}\t{what}\t{each * producers}\t{each * producers / watch.Elapsed.TotalSeconds:F0}\t{cpu:F1}\t{memory}"));
    }

    public async Task AcceptAsync(int producer) => _accepted[producer].Add(await AcceptOneAsync());

    public async Task RecordAsync(int producer)
    {
        var mine = _accepted[producer];
        var id = mine[^1];
        mine.RemoveAt(mine.Count - 1);
        await _store.RecordAsync(id, Delivered, null);
    }

    public async Task AcceptAndRecordAsync(int producer) => await _store.RecordAsync(await AcceptOneAsync(), Delivered, null);

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    private async ValueTask<QueueId> AcceptOneAsync()
    {
        var id = _store.NextId();
        var writer = _store.BeginBody(id);
        _octets.CopyTo(writer.GetSpan(size));
        writer.Advance(size);
        await writer.FlushAsync();
        var envelope = new Envelope
        {
            Id = id,
            Sender = _from,
            Recipients = [_to],
            Accepted = DateTimeOffset.UnixEpoch,
            BodySize = size,
            Prologue = _received,
            Client = "[192.0.2.1]:12345",
        };
        (await _store.AcceptAsync(envelope, writer)).Dispose();
        return id;
    }
}

/// <summary>Put and delete without end: what memory and files do.</summary>
internal static class Soak
{
    public static async Task RunAsync(string path, int seconds)
    {
        await using var load = new Load(path, 4_000, 50);
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed.TotalSeconds < seconds)
        {
            await load.MeasureAsync("accept, record", 100_000, load.AcceptAndRecordAsync);
            using var process = Process.GetCurrentProcess();
            var files = Directory.EnumerateFiles(Path.Combine(path, "store")).Select(file => new FileInfo(file)).ToList();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"\tresident {process.WorkingSet64 >> 20} MiB\ttables {files.Count(f => f.Extension == ".sst")} of {files.Where(f => f.Extension == ".sst").Sum(f => f.Length) >> 10} KiB\tlogs {files.Where(f => f.Extension == ".log").Sum(f => f.Length) >> 20} MiB"));
        }
    }
}
