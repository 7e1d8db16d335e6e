using System.Globalization;
using Pillarbox.Protocol.Commands;
using Pillarbox.Queue;

namespace Pillarbox.Delivery;

/// <summary>
/// The time by which the sender wanted a message delivered (RFC 2852 §4.1). It says nothing of captured mail, which is kept here for whoever looks
/// at it, however late.
/// </summary>
internal static class Deadline
{
    /// <summary>Whether a message goes back now, since its sender wants it back rather than late: nothing is tried any more.</summary>
    public static bool IsOver(Envelope envelope, DateTimeOffset now) =>
        Of(envelope) is { Mode: DeliverByMode.Return } by && now >= by.Deadline;

    /// <summary>
    /// When the sender is to be told that a message is late, or <see langword="null"/> where that was not asked for: it may be late when it comes
    /// here already, and then the sender has been told.
    /// </summary>
    public static DateTimeOffset? Notice(Envelope envelope) =>
        Of(envelope) is { Mode: DeliverByMode.Notify } by && by.Deadline > envelope.Accepted ? by.Deadline : null;

    /// <summary>The time that no wait goes beyond, where there is one.</summary>
    /// <param name="envelope">The message.</param>
    /// <param name="noticed">Whether the sender knows of the delay.</param>
    public static DateTimeOffset? Limit(Envelope envelope, bool noticed) =>
        Of(envelope) is { Mode: DeliverByMode.Return } by ? by.Deadline : noticed ? null : Notice(envelope);

    /// <summary>When a message is given up.</summary>
    public static DateTimeOffset End(Envelope envelope, TimeSpan expire)
    {
        var end = envelope.Released + expire;
        return Of(envelope) is { Mode: DeliverByMode.Return } by && by.Deadline < end ? by.Deadline : end;
    }

    /// <summary>What a message is found that is not delivered in time: 5.4.7, delivery time expired.</summary>
    public static Verdict Missed(Envelope envelope, string? last)
    {
        var deadline = envelope.Requests.DeliverBy!.Value.Deadline.UtcDateTime;
        var text = string.Create(CultureInfo.InvariantCulture, $"not delivered by {deadline:yyyy-MM-dd HH:mm:ss} UTC, after which the sender wants it back (DELIVERBY)");
        return Verdict.Fail(4, 7, string.IsNullOrEmpty(last) ? text : $"{text}; before: {last}");
    }

    private static DeliverBy? Of(Envelope envelope) => envelope.Destination == Destination.Captured ? null : envelope.Requests.DeliverBy;
}
