using Pillarbox.Protocol.Commands;
using Pillarbox.Queue;

namespace Pillarbox.Delivery.Bounces;

/// <summary>What the sender hears of a recipient (RFC 3461 §5.2). Where nothing was said, failures and delays are reported (§4.1).</summary>
internal static class ReportRules
{
    /// <summary>Whether a delay is reported (§5.2.5).</summary>
    public static bool Delay(Envelope envelope, Recipient recipient) => Hears(envelope) && Wants(recipient, NotifyOn.Delay);

    /// <summary>Whether a failure is reported (§5.2.2 c, d and f, §5.2.6).</summary>
    public static bool Failure(Envelope envelope, Recipient recipient) => Hears(envelope) && Wants(recipient, NotifyOn.Failure);

    /// <summary>What is reported of a delivery, only where it was asked for (§5.2.2 b and e, §5.2.3).</summary>
    public static ReportAction? Delivery(Envelope envelope, Recipient recipient, Verdict verdict) =>
        !Hears(envelope)
            ? null
            : verdict.Success switch
            {
                Success.Delivered when recipient.Notify.HasFlag(NotifyOn.Success) => ReportAction.Delivered,
                Success.Relayed when recipient.Notify.HasFlag(NotifyOn.Success) => ReportAction.Relayed,
                Success.Expanded when recipient.Notify.HasFlag(NotifyOn.Success) => ReportAction.Expanded,
                Success.Traced when recipient.Notify != NotifyOn.Never => ReportAction.Relayed,
                _ => null,
            };

    // Never a report about a report (RFC 5321 §6.1), and nothing about captured mail: its sender never meant it to leave this machine.
    private static bool Hears(Envelope envelope) => envelope.Sender is not null && envelope.Destination != Destination.Captured;

    private static bool Wants(Recipient recipient, NotifyOn what) => recipient.Notify == NotifyOn.Unsaid || recipient.Notify.HasFlag(what);
}
