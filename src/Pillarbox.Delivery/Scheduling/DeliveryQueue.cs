using System.Collections.Immutable;
using Pillarbox.Queue;

namespace Pillarbox.Delivery.Scheduling;

/// <summary>Where a recipient stands, as an operator sees it.</summary>
public enum QueueItemState
{
    /// <summary>Never tried yet.</summary>
    Queued,

    /// <summary>On its way now.</summary>
    Delivering,

    /// <summary>Tried, to be tried again.</summary>
    Deferred,

    /// <summary>Set aside by the operator.</summary>
    Held,
}

/// <summary>A recipient in the queue.</summary>
/// <param name="Address">The forward-path.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Next">When it is due; <see langword="null"/> where it is due now, on its way, or held.</param>
/// <param name="LastReply">The last reply or error in one line.</param>
public sealed record QueueItemRecipient(string Address, QueueItemState State, int Attempts, DateTimeOffset? Next, string? LastReply);

/// <summary>A message in the queue.</summary>
/// <param name="Id">Its name.</param>
/// <param name="From">The reverse-path; empty for the null one.</param>
/// <param name="Size">Octets.</param>
/// <param name="Accepted">When it was accepted, in UTC.</param>
/// <param name="Recipients">Those that are not done.</param>
public sealed record QueueItem(QueueId Id, string From, long Size, DateTimeOffset Accepted, ImmutableArray<QueueItemRecipient> Recipients);

/// <summary>The queue for its operator: to look at, and to change. Thread-safe.</summary>
public sealed class DeliveryQueue
{
    private readonly SchedulerContext _context;

    internal DeliveryQueue(DeliveryService service) => _context = service.Context;

    /// <summary>Every message, in the order of acceptance; read from the store as it is asked for.</summary>
    /// <param name="from">Where to begin: those with lower ids are not read.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async IAsyncEnumerable<QueueItem> ListAsync(QueueId from = default, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var message in _context.Store.ReadAllAsync(from, cancellationToken))
            yield return Describe(message);
    }

    /// <summary>One message, or <see langword="null"/>.</summary>
    public async Task<QueueItem?> FindAsync(QueueId id, CancellationToken cancellationToken = default) =>
        await _context.Store.ReadAsync(id, cancellationToken) is { } message ? Describe(message) : null;

    /// <summary>Has a message's recipients tried now, whatever was found out about their destinations. Those held stay so.</summary>
    /// <returns>Whether there is such a message.</returns>
    public async Task<bool> RetryAsync(QueueId id, CancellationToken cancellationToken = default)
    {
        if (await _context.Store.ReadAsync(id, cancellationToken) is not { } message)
            return false;
        await RetryAsync(message, _ => true, [], cancellationToken);
        return true;
    }

    /// <summary>
    /// The same for some of the recipients of a message that was read just now. What was found out about a destination is forgotten unless it is among
    /// <paramref name="stirred"/> already.
    /// </summary>
    /// <returns>How many are tried.</returns>
    internal async Task<int> RetryAsync(QueuedMessage message, Func<int, bool> which, HashSet<Destination> stirred, CancellationToken cancellationToken)
    {
        var id = message.Envelope.Id;
        var entry = _context.Active.Find(id);
        var now = _context.Time.GetUtcNow();
        RecipientChange[] changes =
        [
            .. Enumerable.Range(0, message.Recipients.Length)
                .Where(index => message.Recipients[index] is { State: not RecipientState.Held } && entry?.IsClaimed(index) != true && which(index))
                .Select(index => new RecipientChange(index, message.Recipients[index]! with { Next = now })),
        ];
        if (changes.Length == 0)
            return 0;

        await _context.Store.RecordAsync(id, changes, report: null, cancellationToken);
        entry?.Update(changes);
        int[] recipients = [.. changes.Select(change => change.Recipient)];
        foreach (var (destination, together) in _context.Destinations.Group(message.Envelope, recipients, _context.Routing.Current))
        {
            if (stirred.Add(destination))
                destination.TryAgain();
            destination.Admit(new Parked(id, together, destination, message.Envelope.Requests.Priority));
        }

        return changes.Length;
    }

    /// <summary>Deletes a message without a report. What is on its way at this moment may still arrive.</summary>
    /// <returns>Whether there was such a message.</returns>
    public async Task<bool> DeleteAsync(QueueId id, CancellationToken cancellationToken = default)
    {
        if (_context.Active.Find(id) is { } entry)
            entry.Deleted = true;
        return await _context.Store.DeleteAsync(id, cancellationToken);
    }

    private QueueItem Describe(QueuedMessage message)
    {
        var envelope = message.Envelope;
        var entry = _context.Active.Find(envelope.Id);
        var now = _context.Time.GetUtcNow();
        var recipients = ImmutableArray.CreateBuilder<QueueItemRecipient>();
        for (var i = 0; i < message.Recipients.Length; i++)
        {
            if (message.Recipients[i] is not { } status)
                continue;
            var state = entry?.IsUnderWay(i) == true ? QueueItemState.Delivering : status.State switch
            {
                RecipientState.Held => QueueItemState.Held,
                RecipientState.Deferred => QueueItemState.Deferred,
                _ => QueueItemState.Queued,
            };
            var next = state is QueueItemState.Deferred or QueueItemState.Queued && status.Next > now ? status.Next : (DateTimeOffset?)null;
            recipients.Add(new(envelope.Recipients[i].Text, state, status.Attempts, next, status.LastReply));
        }

        return new(envelope.Id, envelope.Sender?.Text ?? "", envelope.Size, envelope.Accepted, recipients.DrainToImmutable());
    }
}
