using Pillarbox.Queue;

namespace Pillarbox.Server.Tests;

/// <summary>The store in memory, watched: how many bodies are open, how much they hold between flushes; and failing on demand.</summary>
internal sealed class WatchedStore : IQueueStore
{
    private readonly MemoryQueueStore _store = new(TimeProvider.System);
    private int _open;

    /// <summary>Bodies that were begun and are neither accepted nor disposed of.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>The most octets that a body took in between two flushes.</summary>
    public long MostUnflushed { get; private set; }

    /// <summary>What flushes of bodies fail with.</summary>
    public IOException? FlushFault { get; set; }

    /// <summary>What accepting fails with.</summary>
    public IOException? AcceptFault { get; set; }

    public QueueId NextId() => _store.NextId();

    public BodyWriter BeginBody(QueueId id)
    {
        Interlocked.Increment(ref _open);
        return new Watched(this, _store.BeginBody(id));
    }

    public async ValueTask<MessageBody> AcceptAsync(Envelope envelope, BodyWriter body, CancellationToken cancellationToken = default)
    {
        if (AcceptFault is { } fault)
            throw fault;
        var accepted = await _store.AcceptAsync(envelope, ((Watched)body).Inner, cancellationToken);
        await body.DisposeAsync();
        return accepted;
    }

    public ValueTask<bool> RecordAsync(QueueId id, IReadOnlyList<RecipientChange> changes, Report? report, CancellationToken cancellationToken = default) =>
        _store.RecordAsync(id, changes, report, cancellationToken);

    public ValueTask<bool> DeleteAsync(QueueId id, CancellationToken cancellationToken = default) => _store.DeleteAsync(id, cancellationToken);

    public ValueTask<QueuedMessage?> ReadAsync(QueueId id, CancellationToken cancellationToken = default) => _store.ReadAsync(id, cancellationToken);

    public ValueTask<MessageBody?> OpenBodyAsync(QueueId id, CancellationToken cancellationToken = default) => _store.OpenBodyAsync(id, cancellationToken);

    public IAsyncEnumerable<QueuedMessage> ReadAllAsync(QueueId from = default, CancellationToken cancellationToken = default) =>
        _store.ReadAllAsync(from, cancellationToken);

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    private sealed class Watched(WatchedStore store, BodyWriter inner) : BodyWriter
    {
        private long _unflushed;
        private bool _disposed;

        public BodyWriter Inner => inner;

        public override long Length => inner.Length;

        public override void Advance(int count)
        {
            _unflushed += count;
            store.MostUnflushed = Math.Max(store.MostUnflushed, _unflushed);
            inner.Advance(count);
        }

        public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);

        public override ValueTask FlushAsync(CancellationToken cancellationToken = default)
        {
            _unflushed = 0;
            return store.FlushFault is { } fault ? ValueTask.FromException(fault) : inner.FlushAsync(cancellationToken);
        }

        public override ValueTask DisposeAsync()
        {
            if (!_disposed)
                Interlocked.Decrement(ref store._open);
            _disposed = true;
            return inner.DisposeAsync();
        }
    }
}
