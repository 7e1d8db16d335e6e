using Pillarbox.Protocol.Commands;
using Pillarbox.Protocol.Grammar;

namespace Pillarbox.Delivery.Bounces;

/// <summary>What a report says of a recipient (RFC 3464 §2.3.3).</summary>
internal enum ReportAction
{
    /// <summary>Given up.</summary>
    Failed,

    /// <summary>Not yet; still tried.</summary>
    Delayed,

    /// <summary>Handed to a server that reports no success.</summary>
    Relayed,

    /// <summary>Forwarded to those whom the address stands for.</summary>
    Expanded,

    /// <summary>In the mailbox.</summary>
    Delivered,
}

/// <summary>A recipient that a report is about.</summary>
/// <param name="Recipient">The forward-path, with what was asked for it.</param>
/// <param name="Action">What became of it.</param>
/// <param name="Verdict">How the last attempt ended.</param>
/// <param name="Expired">Whether it was given up because its time was up, not because it was refused.</param>
internal sealed record ReportedRecipient(Recipient Recipient, ReportAction Action, Verdict Verdict, bool Expired)
{
    /// <summary>The forward-path.</summary>
    public Mailbox Address => Recipient.Address;

    /// <summary>The status field: of an expired one that time is up (4.4.7, RFC 3463 §3.5), not what the last attempt met.</summary>
    public string Status => Expired ? "4.4.7" : Verdict.Status.ToString();
}
