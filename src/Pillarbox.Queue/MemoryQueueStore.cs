using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Pillarbox.Queue.Bodies;
using Pillarbox.Queue.Threads;

namespace Pillarbox.Queue;

/// <summary>
/// A store for tests and for trying things out: it keeps the contract in all but one point, that nothing survives the process.
/// As with the durable stores, callers go on on a thread of its own.
/// </summary>
public sealed class MemoryQueueStore(TimeProvider time) : IQueueStore
{
    private readonly object _gate = new();
    private readonly SortedDictionary<QueueId, Entry> _messages = [];
    private readonly QueueIdSource _ids = new(time);
    private readonly CompletionThread _completions = new("queue completions");
    private int _disposed;

    /// <inheritdoc/>
    public QueueId NextId() => _ids.Next();

    /// <inheritdoc/>
    public BodyWriter BeginBody(QueueId id) => new SpooledBodyWriter(spool: null, id);

    /// <inheritdoc/>
    public async ValueTask<MessageBody> AcceptAsync(Envelope envelope, BodyWriter body, CancellationToken cancellationToken = default)
    {
        var written = (SpooledBodyWriter)body;
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
            lock (_gate)
                Add(envelope, written.Buffered);
            await GoOnElsewhere();
            return written.ToBody();
        }
        catch
        {
            await written.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<bool> RecordAsync(
        QueueId id, IReadOnlyList<RecipientChange> changes, Report? report, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(changes);
        cancellationToken.ThrowIfCancellationRequested();
        bool gone;
        lock (_gate)
            gone = Record(id, changes, report);
        await GoOnElsewhere();
        return gone;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteAsync(QueueId id, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        bool found;
        lock (_gate)
            found = _messages.Remove(id);
        await GoOnElsewhere();
        return found;
    }

    /// <inheritdoc/>
    public ValueTask<QueuedMessage?> ReadAsync(QueueId id, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
            return new(_messages.TryGetValue(id, out var entry) ? entry.Message : null);
    }

    /// <inheritdoc/>
    public ValueTask<MessageBody?> OpenBodyAsync(QueueId id, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
            return new(_messages.TryGetValue(id, out var entry) ? new MemoryBody(entry.Body, entry.Body.Length, pooled: false) : null);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<QueuedMessage> ReadAllAsync(QueueId from = default, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        QueuedMessage[] messages;
        lock (_gate)
            messages = [.. _messages.Where(each => each.Key >= from).Select(each => each.Value.Message)];
        foreach (var message in messages)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return message;
        }

        await Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
            await Task.Run(_completions.Dispose);
    }

    private void Add(Envelope envelope, ReadOnlyMemory<byte> body) =>
        _messages.Add(envelope.Id, new(QueuedMessage.Fresh(envelope), body.ToArray()));

    private bool Record(QueueId id, IReadOnlyList<RecipientChange> changes, Report? report)
    {
        if (!_messages.TryGetValue(id, out var entry))
            return true;

        var recipients = entry.Message.Recipients.ToArray();
        foreach (var change in changes)
        {
            if ((uint)change.Recipient >= (uint)recipients.Length)
                throw new ArgumentException($"{id} has no recipient {change.Recipient}");

            // Done is final: a late delta does not wake a recipient.
            if (recipients[change.Recipient] is not null)
                recipients[change.Recipient] = change.Status;
        }

        if (report is not null)
            Add(report.Envelope, report.Body);
        if (Array.TrueForAll(recipients, status => status is null))
            return _messages.Remove(id);
        _messages[id] = entry with { Message = entry.Message with { Recipients = ImmutableArray.Create(recipients) } };
        return false;
    }

    private ValueTask<bool> GoOnElsewhere()
    {
        var step = new Step();
        var task = step.Task;
        _completions.Add(step);
        return task;
    }

    private sealed record Entry(QueuedMessage Message, byte[] Body);

    private sealed class Step : Completion<bool>
    {
        protected override void Recycle()
        {
        }
    }
}
