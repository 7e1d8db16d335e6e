using System.Text;
using Pillarbox.Protocol.Grammar;

namespace Pillarbox.Protocol.Commands;

/// <summary>Of what the sender wants to hear about a recipient: NOTIFY= of RFC 3461 §4.1.</summary>
[Flags]
public enum NotifyOn
{
    /// <summary>Nothing was said: failures are reported, and delays where the server does so.</summary>
    Unsaid = 0,

    /// <summary>Of nothing at all.</summary>
    Never = 1,

    /// <summary>Of the delivery.</summary>
    Success = 2,

    /// <summary>Of a failure.</summary>
    Failure = 4,

    /// <summary>Of a delay.</summary>
    Delay = 8,
}

/// <summary>ORCPT= of RFC 3461 §4.2: whom the sender wrote to, however often the address was changed on the way.</summary>
/// <param name="AddressType">Such as <c>rfc822</c> or <c>utf-8</c> (RFC 6533 §3), as it came.</param>
/// <param name="Encoded">The address as it came: xtext, or of type <c>utf-8</c> a form of RFC 6533 §3, which may hold UTF-8.</param>
public sealed record OriginalRecipient(string AddressType, string Encoded)
{
    /// <summary>RFC 3461 §4.2.</summary>
    internal const int MaxLength = 500;

    /// <summary>Whether the address is of the type utf-8 (RFC 6533 §3).</summary>
    public bool IsUtf8 => AddressType.Equals("utf-8", StringComparison.OrdinalIgnoreCase);

    /// <summary>The address, decoded, in printable characters.</summary>
    public string Address => IsUtf8 ? Unitext.Decode(Encoded) : Xtext.Decode(Encoded);

    /// <summary>The same for a server without SMTPUTF8, in ASCII (RFC 6533 §3); <see langword="null"/> where that is longer than ORCPT may be.</summary>
    public OriginalRecipient? ToAscii()
    {
        if (Ascii.IsValid(Encoded))
            return this;
        var ascii = this with { Encoded = Unitext.ToAscii(Encoded) };
        return ascii.ToString().Length <= MaxLength ? ascii : null;
    }

    /// <summary>As the parameter's value: <c>rfc822;ann@example.org</c>.</summary>
    public override string ToString() => $"{AddressType};{Encoded}";
}

/// <summary>What became of an address that stands for others, for whom it was given up.</summary>
public enum Expansion
{
    /// <summary>It stands for itself.</summary>
    None,

    /// <summary>It was an alias: the message goes on to those it stands for, in its sender's name (RFC 5321 §3.9.1).</summary>
    Alias,

    /// <summary>It was a list, whose owner answers for what becomes of the message (RFC 5321 §3.9.2).</summary>
    List,
}

/// <summary>A forward-path with what RCPT asked for it.</summary>
/// <param name="Address">The address.</param>
/// <param name="Notify">Of what the sender wants to hear.</param>
/// <param name="Original">Whom the sender wrote to, where it was said.</param>
public readonly record struct Recipient(Mailbox Address, NotifyOn Notify = NotifyOn.Unsaid, OriginalRecipient? Original = null)
{
    /// <summary>The address as text.</summary>
    public string Text => Address.Text;

    /// <summary>The reverse-path in place of the message's: the owner of the list that brought this address, where one did.</summary>
    public Mailbox? Sender { get; init; }

    /// <summary>What became of an address whose sender is still to hear of that: nothing is sent to it.</summary>
    public Expansion Expansion { get; init; }

    /// <summary>The same recipient, named again: with all that was asked, and the original recipient that was said first.</summary>
    public Recipient Unite(Recipient again) => this with { Notify = Unite(Notify, again.Notify), Original = Original ?? again.Original };

    /// <summary>A recipient for whom nothing was asked.</summary>
    public static implicit operator Recipient(Mailbox address) => FromMailbox(address);

    /// <inheritdoc cref="op_Implicit"/>
    public static Recipient FromMailbox(Mailbox address) => new(address);

    // Who asked for a report gets it. Where nothing was said, failures and delays are reported (RFC 3461 §4.1).
    private static NotifyOn Unite(NotifyOn one, NotifyOn other)
    {
        if (one == other || other == NotifyOn.Never)
            return one;
        if (one == NotifyOn.Never)
            return other;
        return one == NotifyOn.Unsaid || other == NotifyOn.Unsaid ? one | other | NotifyOn.Failure | NotifyOn.Delay : one | other;
    }
}
