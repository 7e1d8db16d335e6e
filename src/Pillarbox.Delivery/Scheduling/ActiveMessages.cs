using System.Collections.Concurrent;
using Pillarbox.Queue;

namespace Pillarbox.Delivery.Scheduling;

/// <summary>
/// The messages in memory: those with a recipient that is ready, on the way or being recorded. Bounded by the ready queues and the
/// connections; bodies by their octets.
/// </summary>
internal sealed class ActiveMessages(IQueueStore store, TimeProvider time, long bodyMemory)
{
    // A body that is not in memory holds a file open, so it counts for more than its few octets here.
    private const long OpenFileWeight = 256 << 10;
    private const int Stripes = 64;

    private readonly ConcurrentDictionary<QueueId, MessageEntry> _entries = new();
    private readonly SemaphoreSlim[] _loading = [.. Enumerable.Range(0, Stripes).Select(_ => new SemaphoreSlim(1))];
    private long _bodyOctets;

    public int Count => _entries.Count;

    /// <summary>Takes up a message that was just accepted, with its body where there is room for it.</summary>
    public MessageEntry Adopt(QueuedMessage message, MessageBody body)
    {
        if (Interlocked.Add(ref _bodyOctets, Weight(body)) > bodyMemory)
        {
            Interlocked.Add(ref _bodyOctets, -Weight(body));
            body.Dispose();
            body = null!;
        }

        var entry = new MessageEntry(message, body);
        _entries[message.Envelope.Id] = entry;
        return entry;
    }

    /// <summary>Looks a message up.</summary>
    public MessageEntry? Find(QueueId id) => _entries.GetValueOrDefault(id);

    /// <summary>Claims the recipients of a parked message that are due, reading it from the store where it is not in memory.</summary>
    /// <returns>The message and the recipients claimed, or <see langword="null"/> when there is nothing left to do.</returns>
    public async ValueTask<(MessageEntry Entry, int[] Recipients)?> ClaimAsync(Parked parked, CancellationToken cancellationToken)
    {
        var id = parked.Message;
        var stripe = _loading[(int)(id.Value % Stripes)];
        await stripe.WaitAsync(cancellationToken);
        try
        {
            if (Find(id) is { } present && present.Claim(parked.Recipients, time.GetUtcNow()) is { } joined)
                return joined.Length > 0 ? (present, joined) : null;

            // An entry closes only after its outcomes are recorded, so what the store says now is not older than they are.
            if (await store.ReadAsync(id, cancellationToken) is not { } message)
                return null;
            var entry = new MessageEntry(message, body: null);
            if (entry.Claim(parked.Recipients, time.GetUtcNow()) is not { Length: > 0 } claimed)
                return null;
            _entries[id] = entry;
            return (entry, claimed);
        }
        finally
        {
            stripe.Release();
        }
    }

    /// <summary>Gives a shipment's claims back.</summary>
    public void Release(Shipment shipment) => Release(shipment.Entry, shipment.Recipients);

    /// <inheritdoc cref="Release(Shipment)"/>
    public void Release(MessageEntry entry, int[] recipients)
    {
        if (!entry.Release(recipients))
            return;
        _entries.TryRemove(KeyValuePair.Create(entry.Envelope.Id, entry));
        if (entry.TakeBody() is { } body)
        {
            Interlocked.Add(ref _bodyOctets, -Weight(body));
            body.Dispose();
        }
    }

    private static long Weight(MessageBody body) => body.InMemory is null ? OpenFileWeight : body.Length;
}
