using Pillarbox.Protocol.Commands;

namespace Pillarbox.Queue;

/// <summary>By when a message is to be delivered (RFC 2852 §4).</summary>
/// <param name="Deadline">The time, in UTC, counted from MAIL or, of a message that is held, from its release.</param>
/// <param name="Mode">What happens then.</param>
/// <param name="Trace">Whether each relay is to be reported.</param>
public readonly record struct DeliverBy(DateTimeOffset Deadline, DeliverByMode Mode, bool Trace);

/// <summary>What the sender asked of the message's delivery, beyond its being delivered.</summary>
public sealed record SenderRequests
{
    /// <summary>Nothing.</summary>
    public static readonly SenderRequests None = new();

    /// <summary>How much of it comes back with a failure (RFC 3461 §4.3); <see langword="null"/> leaves it to us.</summary>
    public ReturnContent? Return { get; init; }

    /// <summary>The sender's own name for it, in xtext as it came (RFC 3461 §4.4).</summary>
    public string? EnvelopeId { get; init; }

    /// <summary>By when it is to be delivered.</summary>
    public DeliverBy? DeliverBy { get; init; }

    /// <summary>Not to be sent on before, in UTC (RFC 4865).</summary>
    public DateTimeOffset? HoldUntil { get; init; }

    /// <summary>-9 to 9, above 0 for what is urgent (RFC 6710).</summary>
    public int Priority { get; init; }

    /// <summary>Goes on over verified TLS alone, to servers that keep it so (RFC 8689).</summary>
    public bool RequireTls { get; init; }
}
