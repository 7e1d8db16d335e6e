namespace Pillarbox.Queue;

/// <summary>Where a recipient that is not done stands. One that is done is in the store no more.</summary>
public enum RecipientState
{
    /// <summary>Never tried yet.</summary>
    Queued,

    /// <summary>Tried, to be tried again at <see cref="RecipientStatus.Next"/>.</summary>
    Deferred,

    /// <summary>Set aside by the operator: not tried until released.</summary>
    Held,
}

/// <summary>A recipient's standing in the queue.</summary>
public sealed record RecipientStatus
{
    /// <summary>What a recipient starts with: due at once.</summary>
    public static readonly RecipientStatus Fresh = new();

    /// <summary>Queued, deferred or held.</summary>
    public RecipientState State { get; init; }

    /// <summary>How often delivery was tried.</summary>
    public int Attempts { get; init; }

    /// <summary>When it is due, in UTC; a time in the past is due now.</summary>
    public DateTimeOffset Next { get; init; } = DateTimeOffset.UnixEpoch;

    /// <summary>The last reply or error, in one line: <c>mx.example.net said: 450 4.2.0 …</c>, <c>4.4.1 cannot connect …</c>; <see langword="null"/> before the first try.</summary>
    public string? LastReply { get; init; }

    /// <summary>Whether the sender has been told of the delay; it is told once.</summary>
    public bool Warned { get; init; }

    /// <summary>What the recipients of a message start with, and have as long as the store holds no record of them: due when the message is released.</summary>
    public static RecipientStatus First(Envelope envelope)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        return envelope.Released == envelope.Accepted ? Fresh : new RecipientStatus { Next = envelope.Released };
    }
}

/// <summary>A change of one recipient's standing: a new status, or <see langword="null"/> when it is done (delivered, reported or dropped).</summary>
/// <param name="Recipient">Its index in <see cref="Envelope.Recipients"/>.</param>
/// <param name="Status">The new status, or <see langword="null"/> for done.</param>
public readonly record struct RecipientChange(int Recipient, RecipientStatus? Status)
{
    /// <summary>The recipient is done.</summary>
    public static RecipientChange Done(int recipient) => new(recipient, null);
}
