using System.Collections.Immutable;
using Pillarbox.Protocol.Grammar;

namespace Pillarbox.Queue.Lists;

/// <summary>An address of ours that stands for others (RFC 5321 §3.9).</summary>
/// <param name="Address">The address.</param>
/// <param name="Members">Those it stands for, at least one; lists among them are expanded in turn.</param>
/// <param name="Owner">
/// In whose name the message goes on, and who hears when it cannot be delivered to a member (§3.9.2); without one it is an alias, and the sender
/// stays (§3.9.1).
/// </param>
public sealed record MailingList(Mailbox Address, ImmutableArray<Mailbox> Members, Mailbox? Owner = null);
