using Pillarbox.Queue;

namespace Pillarbox.Delivery.Tests.Scheduling;

/// <summary>A store that fails some times.</summary>
internal sealed class StubbornStore(IQueueStore inner) : IQueueStore
{
    public int Faults { get; set; }

    public int ReadFaults { get; set; }

    public int IdFaults { get; set; }

    public QueueId NextId() => IdFaults-- > 0 ? throw new InvalidOperationException("no more names") : inner.NextId();

    public BodyWriter BeginBody(QueueId id) => inner.BeginBody(id);

    public Task AcceptReturns { get; init; } = Task.CompletedTask;

    public async ValueTask<MessageBody> AcceptAsync(Envelope envelope, BodyWriter body, CancellationToken cancellationToken = default)
    {
        var kept = await inner.AcceptAsync(envelope, body, cancellationToken);
        await AcceptReturns;
        return kept;
    }

    public ValueTask<bool> RecordAsync(QueueId id, IReadOnlyList<RecipientChange> changes, Report? report, CancellationToken cancellationToken = default)
    {
        if (Faults == 0)
            return inner.RecordAsync(id, changes, report, cancellationToken);
        Faults--;
        throw new IOException("the disk is full");
    }

    public ValueTask<bool> DeleteAsync(QueueId id, CancellationToken cancellationToken = default) => inner.DeleteAsync(id, cancellationToken);

    public ValueTask<QueuedMessage?> ReadAsync(QueueId id, CancellationToken cancellationToken = default)
    {
        if (ReadFaults == 0)
            return inner.ReadAsync(id, cancellationToken);
        ReadFaults--;
        throw new IOException("the disk is gone");
    }

    public ValueTask<MessageBody?> OpenBodyAsync(QueueId id, CancellationToken cancellationToken = default) => inner.OpenBodyAsync(id, cancellationToken);

    public IAsyncEnumerable<QueuedMessage> ReadAllAsync(QueueId from = default, CancellationToken cancellationToken = default) =>
        inner.ReadAllAsync(from, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
