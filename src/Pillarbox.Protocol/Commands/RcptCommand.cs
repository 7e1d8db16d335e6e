using System.Text;
using System.Text.Unicode;
using Pillarbox.Protocol.Grammar;
using Pillarbox.Protocol.Replies;

namespace Pillarbox.Protocol.Commands;

/// <summary>RCPT with its parameters (RFC 5321 §4.1.1.3).</summary>
public static class RcptCommand
{
    private static readonly ParameterTable<Recipient> Parameters = new(("NOTIFY", Notify), ("ORCPT", OriginalRecipient));

    /// <summary>Reads what stands behind RCPT.</summary>
    /// <param name="argument">All that stands behind the verb.</param>
    /// <param name="smtpUtf8">Whether MAIL had SMTPUTF8, so that the address may have UTF-8 (RFC 6531 §3.4).</param>
    /// <param name="recipient">The forward-path with its parameters; the bare <c>postmaster</c> has no domain.</param>
    /// <returns>The fault, or <see langword="null"/>.</returns>
    public static Reply? Read(ReadOnlySpan<byte> argument, bool smtpUtf8, out Recipient recipient)
    {
        recipient = default;
        if (!PathArgument.TrySplit(argument, "TO:"u8, out var address, out var text))
            return ReplyCatalogue.BadRcptPath;
        if (!Mailbox.TryParse(address, out var mailbox))
            return ReplyCatalogue.BadRecipient;
        if (mailbox.NeedsSmtpUtf8 && !smtpUtf8)
            return ReplyCatalogue.Utf8Needed;

        recipient = mailbox;
        if (Parameters.Read(text, ref recipient) is { } fault)
            return fault;

        // RFC 6533 §3: with DSN and SMTPUTF8 offered, ORCPT may hold UTF-8, and as any other UTF-8 it comes under SMTPUTF8 alone.
        return !smtpUtf8 && recipient.Original is { } original && !Ascii.IsValid(original.Encoded) ? ReplyCatalogue.Utf8Needed : null;
    }

    // RFC 3461 §4.1: NEVER by itself, or a list of the others.
    private static Reply? Notify(ReadOnlySpan<byte> value, bool hasValue, ref Recipient recipient)
    {
        var notify = NotifyOn.Unsaid;
        foreach (var part in value.Split((byte)','))
        {
            var word = value[part];
            var one = Ascii.EqualsIgnoreCase(word, "NEVER"u8) ? NotifyOn.Never
                : Ascii.EqualsIgnoreCase(word, "SUCCESS"u8) ? NotifyOn.Success
                : Ascii.EqualsIgnoreCase(word, "FAILURE"u8) ? NotifyOn.Failure
                : Ascii.EqualsIgnoreCase(word, "DELAY"u8) ? NotifyOn.Delay
                : NotifyOn.Unsaid;
            if (one == NotifyOn.Unsaid || notify.HasFlag(one))
                return ReplyCatalogue.BadParameterValue;
            notify |= one;
        }

        if (notify.HasFlag(NotifyOn.Never) && notify != NotifyOn.Never)
            return ReplyCatalogue.BadParameterValue;
        recipient = recipient with { Notify = notify };
        return null;
    }

    // RFC 3461 §4.2: an address type, which is an atom, and the address in xtext; of type utf-8 in a form of RFC 6533 §3. What is labelled so
    // and does not keep to those forms goes on as it is, says the RFC, so all that a parameter's value may hold is taken.
    private static Reply? OriginalRecipient(ReadOnlySpan<byte> value, bool hasValue, ref Recipient recipient)
    {
        var semicolon = value.IndexOf((byte)';');
        if (semicolon <= 0 || value.Length > Commands.OriginalRecipient.MaxLength || !MailboxGrammar.IsAtom(value[..semicolon]))
            return ReplyCatalogue.BadParameterValue;
        var address = value[(semicolon + 1)..];
        var isUtf8 = Ascii.EqualsIgnoreCase(value[..semicolon], "utf-8"u8);
        if (isUtf8 ? address.IsEmpty || !Utf8.IsValid(address) : !Xtext.IsValid(address))
            return ReplyCatalogue.BadParameterValue;
        recipient = recipient with { Original = new OriginalRecipient(Encoding.ASCII.GetString(value[..semicolon]), Encoding.UTF8.GetString(address)) };
        return null;
    }
}
