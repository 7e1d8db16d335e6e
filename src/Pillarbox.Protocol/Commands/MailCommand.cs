using System.Buffers.Text;
using System.Text;
using Pillarbox.Protocol.Grammar;
using Pillarbox.Protocol.Replies;

namespace Pillarbox.Protocol.Commands;

/// <summary>MAIL with its parameters (RFC 5321 §4.1.1.2).</summary>
/// <param name="Sender">The reverse-path; <see langword="null"/> is the null one.</param>
/// <param name="Size">SIZE= of RFC 1870, in octets; <see langword="null"/> where not given.</param>
/// <param name="EightBitMime">BODY=8BITMIME of RFC 6152.</param>
/// <param name="SmtpUtf8">SMTPUTF8 of RFC 6531.</param>
public readonly record struct MailCommand(Mailbox? Sender, long? Size, bool EightBitMime, bool SmtpUtf8)
{
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

        if (ReadParameters(parameters, out var size, out var eightBit, out var utf8) is { } fault)
            return fault;
        if (!utf8 && sender is { NeedsSmtpUtf8: true })
            return ReplyCatalogue.Utf8Needed;

        command = new MailCommand(sender, size, eightBit, utf8);
        return null;
    }

    private static Reply? ReadParameters(ReadOnlySpan<byte> text, out long? size, out bool eightBit, out bool utf8)
    {
        size = null;
        eightBit = utf8 = false;
        bool body = false, auth = false;
        var parameters = new EsmtpParameters(text);
        while (parameters.MoveNext())
        {
            Reply? fault;
            if (Ascii.EqualsIgnoreCase(parameters.Keyword, "SIZE"u8))
                fault = size is null ? ReadSize(parameters.Value, out size) : ReplyCatalogue.DuplicateParameter;
            else if (Ascii.EqualsIgnoreCase(parameters.Keyword, "BODY"u8))
                fault = body ? ReplyCatalogue.DuplicateParameter : ReadBody(parameters.Value, out eightBit, out body);
            else if (Ascii.EqualsIgnoreCase(parameters.Keyword, "SMTPUTF8"u8))
                fault = utf8 ? ReplyCatalogue.DuplicateParameter : ReadFlag(parameters.HasValue, out utf8);
            else if (Ascii.EqualsIgnoreCase(parameters.Keyword, "AUTH"u8))
                fault = auth ? ReplyCatalogue.DuplicateParameter : ReadAuth(parameters.Value, out auth);
            else
                fault = ReplyCatalogue.UnknownParameter;

            if (fault is not null)
                return fault;
        }

        return parameters.Malformed ? ReplyCatalogue.BadArgument : null;
    }

    // RFC 1870 §4: 1*20DIGIT. A number that no long holds is a message that nobody takes.
    private static Reply? ReadSize(ReadOnlySpan<byte> value, out long? size)
    {
        size = null;
        if (value.IsEmpty || value.Length > 20 || value.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return ReplyCatalogue.BadParameterValue;
        size = Utf8Parser.TryParse(value, out long octets, out var used) && used == value.Length ? octets : long.MaxValue;
        return null;
    }

    private static Reply? ReadBody(ReadOnlySpan<byte> value, out bool eightBit, out bool seen)
    {
        eightBit = Ascii.EqualsIgnoreCase(value, "8BITMIME"u8);
        seen = true;
        return eightBit || Ascii.EqualsIgnoreCase(value, "7BIT"u8) ? null : ReplyCatalogue.BadParameterValue;
    }

    private static Reply? ReadFlag(bool hasValue, out bool flag)
    {
        flag = true;
        return hasValue ? ReplyCatalogue.BadParameterValue : null;
    }

    // RFC 4954 §5: a mailbox in xtext, or <>. Who is not trusted may send it too; it is then as good as AUTH=<>,
    // and since nothing is relayed on its word, it is checked and dropped.
    private static Reply? ReadAuth(ReadOnlySpan<byte> value, out bool seen)
    {
        seen = true;
        Span<byte> decoded = stackalloc byte[512];
        return value.SequenceEqual("<>"u8) || (Xtext.TryDecode(value, decoded, out var length) && Mailbox.TryParse(decoded[..length], out _))
            ? null
            : ReplyCatalogue.BadParameterValue;
    }
}
