using System.Text;

using MimeKit;
using MimeKit.Utils;

namespace Pillarbox.Delivery.Capture;

/// <summary>Finds a message's Subject without reading more than the start of its header section.</summary>
internal static class SubjectLine
{
    /// <summary>Octets of a message that are looked at; a Subject further down is not found.</summary>
    public const int Window = 64 << 10;

    private const int MaxOctets = 8 << 10;
    private const int MaxCharacters = 1000;

    // .NET knows the older charsets of mail (Windows-1251, ISO-2022-JP, GB 18030) only when told to; MimeKit looks once, at its first use.
    static SubjectLine() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>The decoded subject on one line without control characters, cut to a bounded length; empty where there is none.</summary>
    public static string Find(ReadOnlySpan<byte> start)
    {
        while (!start.IsEmpty)
        {
            var line = Line(start);
            if (line.TrimEnd("\r\n"u8).IsEmpty)
                break;
            if (line.Length > 8 && Ascii.EqualsIgnoreCase(line[..8], "subject:"u8))
                return Decode(Field(start)[8..]);
            start = start[line.Length..];
        }

        return "";
    }

    private static ReadOnlySpan<byte> Line(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOf((byte)'\n');
        return end < 0 ? text : text[..(end + 1)];
    }

    // RFC 5322 §2.2.3: a line that begins with white space carries the field on.
    private static ReadOnlySpan<byte> Field(ReadOnlySpan<byte> text)
    {
        var length = Line(text).Length;
        while (length < text.Length && length < MaxOctets && text[length] is (byte)' ' or (byte)'\t')
            length += Line(text[length..]).Length;
        return text[..Math.Min(length, MaxOctets)];
    }

    private static string Decode(ReadOnlySpan<byte> value)
    {
        var decoded = Rfc2047.DecodeText(ParserOptions.Default, value.ToArray());
        var text = new StringBuilder(Math.Min(decoded.Length, MaxCharacters + 1));
        foreach (var rune in decoded.EnumerateRunes())
        {
            if (text.Length >= MaxCharacters)
                return text.Append('…').ToString();
            if (rune.Value is '\r' or '\n')
                continue;
            text.Append(Rune.IsControl(rune) ? " " : rune.ToString());
        }

        return text.ToString().Trim();
    }
}
