using Pillarbox.Protocol.Grammar;
using Pillarbox.Protocol.Replies;

namespace Pillarbox.Protocol.Commands;

/// <summary>RCPT (RFC 5321 §4.1.1.3).</summary>
public static class RcptCommand
{
    /// <summary>Reads what stands behind RCPT.</summary>
    /// <param name="argument">All that stands behind the verb.</param>
    /// <param name="smtpUtf8">Whether MAIL had SMTPUTF8, so that the address may have UTF-8 (RFC 6531 §3.4).</param>
    /// <param name="recipient">The forward-path; the bare <c>postmaster</c> has no domain.</param>
    /// <returns>The fault, or <see langword="null"/>.</returns>
    public static Reply? Read(ReadOnlySpan<byte> argument, bool smtpUtf8, out Mailbox? recipient)
    {
        recipient = null;
        if (!PathArgument.TrySplit(argument, "TO:"u8, out var address, out var text))
            return ReplyCatalogue.BadRcptPath;
        if (!Mailbox.TryParse(address, out recipient))
            return ReplyCatalogue.BadRecipient;
        if (recipient.NeedsSmtpUtf8 && !smtpUtf8)
            return ReplyCatalogue.Utf8Needed;

        var parameters = new EsmtpParameters(text);
        return parameters.MoveNext() ? ReplyCatalogue.UnknownParameter
            : parameters.Malformed ? ReplyCatalogue.BadArgument : null;
    }
}
