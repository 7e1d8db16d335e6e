using System.Collections.Immutable;
using Pillarbox.Protocol.Commands;
using Pillarbox.Protocol.Grammar;

namespace Pillarbox.Queue;

/// <summary>What a message needs of a hop, found while it came in.</summary>
[Flags]
public enum MessageTraits
{
    None = 0,

    /// <summary>An octet above 127 in the body: the next hop must offer 8BITMIME (RFC 6152), else the message bounces with 5.6.3.</summary>
    EightBitBody = 1,

    /// <summary>An octet above 127 in the header section: the next hop must offer SMTPUTF8 (RFC 6531), else 5.6.9.</summary>
    EightBitHeaders = 2,

    /// <summary>Came with BODY=BINARYMIME: the next hop must offer BINARYMIME and CHUNKING (RFC 3030 §3), else the message bounces with 5.6.3.</summary>
    Binary = 4,
}

/// <summary>Where a message goes.</summary>
public enum Destination
{
    /// <summary>By its recipients' domains: those that are ours, else the routes.</summary>
    Routed,

    /// <summary>Into the capture, whomever it is for: the listener's role was capture.</summary>
    Captured,
}

/// <summary>
/// All that is known of a message but its body, as it was when the message was accepted; it never changes afterwards.
/// What changes is each recipient's <see cref="RecipientStatus"/>.
/// </summary>
public sealed record Envelope
{
    /// <summary>The name that the 250 gave.</summary>
    public required QueueId Id { get; init; }

    /// <summary>The reverse-path; <see langword="null"/> is the null one, <c>&lt;&gt;</c>, to which nothing is ever reported.</summary>
    public required Mailbox? Sender { get; init; }

    /// <summary>The forward-paths, at least one; a recipient's index is its number for the message's whole life.</summary>
    public required ImmutableArray<Recipient> Recipients { get; init; }

    /// <summary>When the message was accepted, in UTC.</summary>
    public required DateTimeOffset Accepted { get; init; }

    /// <summary>Octets of the body as received (header section and all, dot-unstuffed, lines ended by CRLF).</summary>
    public required long BodySize { get; init; }

    /// <summary>Header lines that this server adds ahead of the body: Received, and on submission Date and Message-ID where missing. May be empty.</summary>
    public ReadOnlyMemory<byte> Prologue { get; init; }

    /// <summary>What the message needs of a hop.</summary>
    public MessageTraits Traits { get; init; }

    /// <summary>Whether MAIL had SMTPUTF8 (RFC 6531 §3.4).</summary>
    public bool SmtpUtf8 { get; init; }

    /// <summary>What the sender asked of the delivery.</summary>
    public SenderRequests Requests { get; init; } = SenderRequests.None;

    /// <summary>Where the message goes.</summary>
    public Destination Destination { get; init; }

    /// <summary>The authenticated account, if the session had one.</summary>
    public string? Account { get; init; }

    /// <summary>The client's address, for logs; empty for a message that the server wrote itself.</summary>
    public string Client { get; init; } = "";

    /// <summary>The session that brought the message, as the console and the log name it; empty for a message that the server wrote itself.</summary>
    public string Session { get; init; } = "";

    /// <summary>
    /// When delivery may begin, in UTC: at once, but where the sender asked for later (RFC 4865). Expiry and delay notices count from here: nothing
    /// was late, and nothing was tried, while the sender wanted it held. What is captured is sent nowhere, so it is held for nobody.
    /// </summary>
    public DateTimeOffset Released => Requests.HoldUntil is { } until && until > Accepted && Destination == Destination.Routed ? until : Accepted;

    /// <summary>
    /// The message as it goes to a recipient: to one that a list brought, in the name of the list's owner, and without what the sender asked for
    /// reports and their time (RFC 5321 §3.9.2, RFC 3461 §5.2.7.1).
    /// </summary>
    /// <param name="recipient">The recipient's index.</param>
    public Envelope To(int recipient) => Recipients[recipient].Sender is { } owner
        ? this with { Sender = owner, Requests = Requests with { Return = null, EnvelopeId = null, DeliverBy = null } }
        : this;

    /// <summary>Octets on the wire ahead of dot-stuffing: prologue and body.</summary>
    public long Size => Prologue.Length + BodySize;
}
