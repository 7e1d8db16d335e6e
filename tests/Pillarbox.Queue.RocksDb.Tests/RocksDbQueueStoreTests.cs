using Pillarbox.Queue.StoreContract;

namespace Pillarbox.Queue.RocksDb.Tests;

public sealed class RocksDbQueueStoreTests : DurableStoreContract
{
    private readonly string _directory = Directory.CreateTempSubdirectory("pillarbox-queue-").FullName;

    private string Bodies => Path.Combine(_directory, "bodies");

    protected override ValueTask<IQueueStore> OpenAsync(TimeProvider time) =>
        new(RocksDbQueueStore.Open(new RocksDbQueueOptions { Directory = _directory, MinimumFreeSpace = 0 }, time));

    protected override ValueTask CleanUpAsync()
    {
        Directory.Delete(_directory, recursive: true);
        return default;
    }

    protected override IReadOnlyCollection<string> BodiesInPlace() => [.. Directory.EnumerateFiles(Bodies).Select(path => Path.GetFileName(path))];

    protected override void LeaveOrphan(string name) => File.WriteAllText(Path.Combine(Bodies, name), "orphan");
}
