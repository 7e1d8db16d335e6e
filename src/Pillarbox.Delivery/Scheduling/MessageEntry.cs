using Pillarbox.Queue;

namespace Pillarbox.Delivery.Scheduling;

/// <summary>
/// A message while any of its recipients is ready, on the way or being recorded. Each recipient is claimed by one shipment at most,
/// so none is sent twice at once, whatever the index says.
/// </summary>
internal sealed class MessageEntry
{
    private readonly Lock _lock = new();
    private readonly bool[] _claimed;
    private readonly bool[] _underWay;
    private readonly RecipientStatus?[] _statuses;
    private int _claims;
    private bool _closed;

    public MessageEntry(QueuedMessage message, MessageBody? body)
    {
        Envelope = message.Envelope;
        _statuses = [.. message.Recipients];
        _claimed = new bool[_statuses.Length];
        _underWay = new bool[_statuses.Length];
        Body = body;
    }

    public Envelope Envelope { get; }

    /// <summary>The body from memory, where it is kept; otherwise the store has it.</summary>
    public MessageBody? Body { get; private set; }

    /// <summary>Whether the operator deleted the message: what has not begun does not begin.</summary>
    public bool Deleted { get; set; }

    /// <summary>A recipient's standing as last recorded.</summary>
    public RecipientStatus? Status(int recipient)
    {
        lock (_lock)
            return _statuses[recipient];
    }

    /// <summary>Whether a recipient is in a ready queue, on its way or being recorded.</summary>
    public bool IsClaimed(int recipient)
    {
        lock (_lock)
            return _claimed[recipient];
    }

    /// <summary>Whether a worker has taken a recipient.</summary>
    public bool IsUnderWay(int recipient)
    {
        lock (_lock)
            return _underWay[recipient];
    }

    /// <summary>A worker has taken recipients that are claimed, or given them back to wait.</summary>
    public void SetUnderWay(int[] recipients, bool underWay = true)
    {
        lock (_lock)
        {
            foreach (var recipient in recipients)
                _underWay[recipient] = underWay;
        }
    }

    /// <summary>Claims those of <paramref name="recipients"/> that are due and free.</summary>
    /// <returns>The claim, or <see langword="null"/> when the entry is closed and another must be made.</returns>
    public Claim? Claim(int[] recipients, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (_closed)
                return null;

            var due = Array.TrueForAll(recipients, recipient => IsDue(recipient, now))
                ? recipients
                : Array.FindAll(recipients, recipient => IsDue(recipient, now));
            var early = due.Length == recipients.Length ? null : Early(recipients, now);
            foreach (var recipient in due)
                _claimed[recipient] = true;
            _claims += due.Length;
            return new Claim(this, due, early);
        }
    }

    /// <summary>Takes the recipients' new standing over, once it is recorded.</summary>
    public void Update(IReadOnlyList<RecipientChange> changes)
    {
        lock (_lock)
        {
            // Who is done stays done, though an operator's retry read the standing before the outcome was recorded.
            foreach (var change in changes.Where(change => _statuses[change.Recipient] is not null))
                _statuses[change.Recipient] = change.Status;
        }
    }

    /// <summary>Gives claims back.</summary>
    /// <returns>Whether those were the last: the entry is closed then.</returns>
    public bool Release(int[] recipients)
    {
        lock (_lock)
        {
            foreach (var recipient in recipients)
                _claimed[recipient] = _underWay[recipient] = false;
            _claims -= recipients.Length;
            _closed |= _claims == 0;
            return _closed;
        }
    }

    /// <summary>Lets go of the body in memory.</summary>
    public MessageBody? TakeBody()
    {
        lock (_lock)
        {
            var body = Body;
            Body = null;
            return body;
        }
    }

    private bool IsDue(int recipient, DateTimeOffset now) => Waits(recipient) is { } status && status.Next <= now;

    private RecipientStatus? Waits(int recipient) =>
        !_claimed[recipient] && _statuses[recipient] is { State: not RecipientState.Held } status ? status : null;

    private DateTimeOffset? Early(int[] recipients, DateTimeOffset now) => recipients
        .Select(recipient => Waits(recipient)?.Next).Where(next => next > now).Min();
}

/// <summary>What was claimed of a message.</summary>
/// <param name="Entry">The message; unset where it is gone.</param>
/// <param name="Claimed">Recipients claimed, maybe none.</param>
/// <param name="Early">When the first of those is due that are not yet: a clock that was set back has their hint come too soon, or it is a stale one.</param>
internal readonly record struct Claim(MessageEntry Entry, int[]? Claimed, DateTimeOffset? Early)
{
    /// <summary>Recipients claimed.</summary>
    public int[] Recipients => Claimed ?? [];
}
