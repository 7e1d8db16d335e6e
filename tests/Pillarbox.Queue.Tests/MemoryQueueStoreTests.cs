namespace Pillarbox.Queue.Tests;

public sealed class MemoryQueueStoreTests : StoreContract.StoreContract
{
    protected override ValueTask<IQueueStore> OpenAsync(TimeProvider time) => new(new MemoryQueueStore(time));

    protected override IReadOnlyCollection<string> BodiesInPlace() => [];
}
