using System.Buffers;
using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Unicode;

namespace Pillarbox.Protocol.Grammar;

/// <summary>
/// The address grammar of RFC 5321 §4.1.2 and §4.1.3 over bytes, with the UTF-8 of RFC 6531 §3.3.
/// Two liberties, both of which every peer takes: a local part may have leading, trailing or doubled dots
/// (some carriers issue such addresses), and a domain label may have an underscore or a leading or trailing hyphen.
/// </summary>
internal static class MailboxGrammar
{
    // RFC 5321 §4.5.3.1.1 and §4.5.3.1.2. The local part's 64 octets are widened to 128: longer ones are in use
    // (variable envelope return paths), and a receiver's limit is the receiver's to enforce.
    private const int MaxLocalPart = 128;
    private const int MaxDomain = 255;

    private static readonly SearchValues<byte> AtextOrDot =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~."u8);

    private static readonly SearchValues<byte> LabelBytes =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"u8);

    private static readonly SearchValues<byte> NotInLabel = SearchValues.Create("<>@[]\\\",;:()\x7f"u8);

    /// <summary>Matches a whole address; <paramref name="at"/> is the index of its <c>@</c> in UTF-16 characters, −1 for the bare postmaster.</summary>
    public static bool TryMatch(ReadOnlySpan<byte> text, out int at)
    {
        at = -1;
        if (text.IsEmpty || (!Ascii.IsValid(text) && !Utf8.IsValid(text)))
            return false;

        if (Ascii.EqualsIgnoreCase(text, "postmaster"u8))
            return true;

        var local = LocalPartLength(text);
        if (local is <= 0 or > MaxLocalPart || local >= text.Length || text[local] != (byte)'@')
            return false;

        at = Encoding.UTF8.GetCharCount(text[..local]);
        return IsDomain(text[(local + 1)..]);
    }

    /// <summary>A domain name or an address literal, as MAIL, RCPT, EHLO and HELO take it.</summary>
    public static bool IsDomain(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || text.Length > MaxDomain)
            return false;
        if (text[0] == (byte)'[')
            return IsAddressLiteral(text);

        while (true)
        {
            var dot = text.IndexOf((byte)'.');
            var label = dot < 0 ? text : text[..dot];
            if (!IsLabel(label))
                return false;
            if (dot < 0)
                return true;
            text = text[(dot + 1)..];
        }
    }

    /// <summary>An atom of RFC 5321 §4.1.2.</summary>
    public static bool IsAtom(ReadOnlySpan<byte> text) => !text.IsEmpty && !text.Contains((byte)'.') && !text.ContainsAnyExcept(AtextOrDot);

    private static bool IsLabel(ReadOnlySpan<byte> label)
    {
        if (label.IsEmpty)
            return false;

        // A U-label may be longer in UTF-8 than the 63 octets of its A-label.
        return Ascii.IsValid(label)
            ? label.Length <= 63 && !label.ContainsAnyExcept(LabelBytes)
            : !label.ContainsAnyInRange((byte)0, (byte)' ') && !label.ContainsAny(NotInLabel) && !HasC1OrBadSpace(label);
    }

    private static bool HasC1OrBadSpace(ReadOnlySpan<byte> label)
    {
        while (!label.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(label, out var rune, out var used) != OperationStatus.Done)
                return true;
            if (Rune.IsControl(rune) || Rune.IsWhiteSpace(rune))
                return true;
            label = label[used..];
        }

        return false;
    }

    // The number of bytes that form a dot-string or a quoted string at the start of text; 0 where neither does.
    private static int LocalPartLength(ReadOnlySpan<byte> text)
    {
        if (text[0] == (byte)'"')
            return QuotedLength(text);

        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] < 0x80 && !AtextOrDot.Contains(text[i]))
                return i;
        }

        return text.Length;
    }

    // RFC 5321 §4.1.2: Quoted-string = DQUOTE *QcontentSMTP DQUOTE, where a backslash takes the next printable character along.
    private static int QuotedLength(ReadOnlySpan<byte> text)
    {
        for (var i = 1; i < text.Length; i++)
        {
            switch (text[i])
            {
                case (byte)'"':
                    return i + 1;
                case (byte)'\\' when i + 1 < text.Length && text[i + 1] is >= 0x20 and < 0x7f:
                    i++;
                    break;
                case (byte)'\\':
                case < 0x20 or 0x7f:
                    return 0;
            }
        }

        return 0;
    }

    // RFC 5321 §4.1.3. A general address literal (any other tag) names no network that exists, so it is refused.
    private static bool IsAddressLiteral(ReadOnlySpan<byte> text)
    {
        if (text is not [(byte)'[', .., (byte)']'])
            return false;

        var inner = text[1..^1];
        if (inner.Length > 5 && Ascii.EqualsIgnoreCase(inner[..5], "IPv6:"u8))
            return inner.Length <= 50 && !inner.Contains((byte)'%') && inner[5] != (byte)'['
                && IPAddress.TryParse(Encoding.ASCII.GetString(inner[5..]), out var v6) && v6.AddressFamily == AddressFamily.InterNetworkV6;

        return IsDottedQuad(inner);
    }

    private static bool IsDottedQuad(ReadOnlySpan<byte> text)
    {
        for (var part = 0; part < 4; part++)
        {
            if (!Utf8Parser.TryParse(text, out byte _, out var used) || used is 0 or > 3 || !char.IsAsciiDigit((char)text[0]))
                return false;
            text = text[used..];
            if (part == 3)
                return text.IsEmpty;
            if (text.IsEmpty || text[0] != (byte)'.')
                return false;
            text = text[1..];
        }

        return false;
    }
}
