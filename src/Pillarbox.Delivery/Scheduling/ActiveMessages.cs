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

    // About a kilobyte each, bodies aside. More wait in the store, of which the index holds a hint.
    private const int MaxMessages = 20_000;

    private readonly ConcurrentDictionary<QueueId, MessageEntry> _entries = new();
    private readonly SemaphoreSlim[] _loading = [.. Enumerable.Range(0, Stripes).Select(_ => new SemaphoreSlim(1))];
    private long _bodyOctets;
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Takes up a message that was just accepted, with its body, where there is room for it.</summary>
    /// <returns>The message; <see langword="null"/> where there is no room: it then waits in the store, and the body is given up.</returns>
    public MessageEntry? TryAdopt(QueuedMessage message, MessageBody body)
    {
        var weight = Weight(body);
        var octets = Interlocked.Add(ref _bodyOctets, weight);
        if (Count >= MaxMessages || octets > bodyMemory)
        {
            Interlocked.Add(ref _bodyOctets, -weight);
            body.Dispose();
            return null;
        }

        var entry = new MessageEntry(message, body);
        Add(entry);
        return entry;
    }

    /// <summary>Looks a message up.</summary>
    public MessageEntry? Find(QueueId id) => _entries.GetValueOrDefault(id);

    /// <summary>Claims the recipients of a parked message that are due, reading it from the store where it is not in memory.</summary>
    public async ValueTask<Claim> ClaimAsync(Parked parked, CancellationToken cancellationToken)
    {
        var id = parked.Message;
        var stripe = _loading[(int)(id.Value % Stripes)];
        await stripe.WaitAsync(cancellationToken);
        try
        {
            if (Find(id) is { } present && present.Claim(parked.Recipients, time.GetUtcNow()) is { } joined)
                return joined;

            // An entry closes only after its outcomes are recorded, so what the store says now is not older than they are.
            if (await store.ReadAsync(id, cancellationToken) is not { } message)
                return default;
            var entry = new MessageEntry(message, body: null);
            var claim = entry.Claim(parked.Recipients, time.GetUtcNow()) ?? default;
            if (claim.Recipients.Length > 0)
                Add(entry);
            return claim;
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
        if (_entries.TryRemove(KeyValuePair.Create(entry.Envelope.Id, entry)))
            Interlocked.Decrement(ref _count);
        if (entry.TakeBody() is { } body)
        {
            Interlocked.Add(ref _bodyOctets, -Weight(body));
            body.Dispose();
        }
    }

    // By now an entry that was closed may still be there: whoever closed it removes it and no other.
    private void Add(MessageEntry entry)
    {
        var id = entry.Envelope.Id;
        if (_entries.TryGetValue(id, out var closed) && _entries.TryRemove(KeyValuePair.Create(id, closed)))
            Interlocked.Decrement(ref _count);
        _entries[id] = entry;
        Interlocked.Increment(ref _count);
    }

    private static long Weight(MessageBody body) => body.InMemory is null ? OpenFileWeight : body.Length;
}
