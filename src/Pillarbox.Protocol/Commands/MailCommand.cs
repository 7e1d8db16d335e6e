using Pillarbox.Protocol.Grammar;
using Pillarbox.Protocol.Replies;

namespace Pillarbox.Protocol.Commands;

/// <summary>How a message's content is made (RFC 6152, RFC 3030 §3).</summary>
public enum BodyType
{
    /// <summary>Nothing was said, or BODY=7BIT.</summary>
    SevenBit,

    /// <summary>BODY=8BITMIME: lines of octets.</summary>
    EightBitMime,

    /// <summary>BODY=BINARYMIME: any octets; travels by BDAT alone.</summary>
    BinaryMime,
}

/// <summary>RET= of RFC 3461 §4.3: how much of a message that failed comes back.</summary>
public enum ReturnContent
{
    /// <summary>The message.</summary>
    Full,

    /// <summary>Its header section.</summary>
    Headers,
}

/// <summary>What happens to a message that is not delivered by its time (RFC 2852 §4.1.2).</summary>
public enum DeliverByMode
{
    /// <summary>The sender is told, and delivery goes on.</summary>
    Notify,

    /// <summary>The message goes back.</summary>
    Return,
}

/// <summary>BY= of RFC 2852 §4.</summary>
/// <param name="Within">From now on; not above zero only with <see cref="DeliverByMode.Notify"/>.</param>
/// <param name="Mode">What happens then.</param>
/// <param name="Trace">Whether each relay is to be reported.</param>
public readonly record struct DeliverByParameter(TimeSpan Within, DeliverByMode Mode, bool Trace);

/// <summary>MAIL with its parameters (RFC 5321 §4.1.1.2).</summary>
/// <param name="Sender">The reverse-path; <see langword="null"/> is the null one.</param>
public readonly record struct MailCommand(Mailbox? Sender)
{
    /// <summary>SIZE= of RFC 1870, in octets; <see langword="null"/> where not given.</summary>
    public long? Size { get; init; }

    /// <summary>BODY=.</summary>
    public BodyType Body { get; init; }

    /// <summary>SMTPUTF8 of RFC 6531.</summary>
    public bool SmtpUtf8 { get; init; }

    /// <summary>RET= of RFC 3461 §4.3; <see langword="null"/> leaves it to the server.</summary>
    public ReturnContent? Return { get; init; }

    /// <summary>ENVID= of RFC 3461 §4.4: xtext of at most 100 octets, kept as it came.</summary>
    public string? EnvelopeId { get; init; }

    /// <summary>BY= of RFC 2852.</summary>
    public DeliverByParameter? DeliverBy { get; init; }

    /// <summary>HOLDFOR= of RFC 4865 §3; never together with <see cref="HoldUntil"/>.</summary>
    public TimeSpan? HoldFor { get; init; }

    /// <summary>HOLDUNTIL= of RFC 4865 §3, in UTC.</summary>
    public DateTimeOffset? HoldUntil { get; init; }

    /// <summary>MT-PRIORITY= of RFC 6710: -9 to 9, above 0 for what is urgent; <see langword="null"/> where not given, which is as good as 0.</summary>
    public int? Priority { get; init; }

    /// <summary>REQUIRETLS of RFC 8689.</summary>
    public bool RequireTls { get; init; }

    /// <summary>Reads what stands behind MAIL.</summary>
    /// <returns>The fault, or <see langword="null"/> when <paramref name="command"/> is whole.</returns>
    public static Reply? Read(ReadOnlySpan<byte> argument, out MailCommand command)
    {
        command = default;
        if (!PathArgument.TrySplit(argument, "FROM:"u8, out var address, out var parameters))
            return ReplyCatalogue.BadMailPath;

        Mailbox? sender = null;

        // The bare postmaster is for RCPT alone (RFC 5321 §4.1.1.3).
        if (!address.IsEmpty && (!Mailbox.TryParse(address, out sender) || sender.Domain.IsEmpty))
            return ReplyCatalogue.BadSender;

        command = new MailCommand(sender);
        if (MailParameters.Table.Read(parameters, ref command) is { } fault)
            return fault;
        return !command.SmtpUtf8 && sender is { NeedsSmtpUtf8: true } ? ReplyCatalogue.Utf8Needed : null;
    }
}
