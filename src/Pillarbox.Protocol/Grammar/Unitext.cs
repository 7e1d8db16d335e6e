using System.Globalization;
using System.Text;

namespace Pillarbox.Protocol.Grammar;

/// <summary>The escapes of addresses of type utf-8 (RFC 6533 §3): <c>\x{E9}</c> stands for é, and for what ORCPT bears not.</summary>
public static class Unitext
{
    // "\x{" and 2 to 6 digits and "}".
    private const int LongestEscape = 10;

    /// <summary>
    /// Undoes the escapes (the form utf-8-address), for people to read: what is no escape, or one of a control character, stays as it is, and
    /// control characters themselves become question marks.
    /// </summary>
    public static string Decode(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var decoded = new StringBuilder(address.Length);
        for (var at = 0; at < address.Length; at++)
        {
            var end = address[at] == '\\' ? address.IndexOf('}', at) : -1;
            if (end > at + 3 && end - at < LongestEscape && address.AsSpan(at).StartsWith("\\x{", StringComparison.Ordinal)
                && int.TryParse(address.AsSpan(at + 3, end - at - 3), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
                && Rune.IsValid(value) && !Rune.IsControl(new Rune(value)))
            {
                decoded.Append(new Rune(value).ToString());
                at = end;
                continue;
            }

            decoded.Append(char.IsControl(address[at]) ? '?' : address[at]);
        }

        return decoded.ToString();
    }

    /// <summary>Writes a mailbox in ASCII (the form utf-8-addr-xtext).</summary>
    public static string Encode(string mailbox)
    {
        ArgumentNullException.ThrowIfNull(mailbox);
        var encoded = new StringBuilder(mailbox.Length);
        foreach (var rune in mailbox.EnumerateRunes())
        {
            if (rune.Value is > ' ' and < 0x7f and not ('\\' or '+' or '='))
                encoded.Append((char)rune.Value);
            else
                encoded.Append(CultureInfo.InvariantCulture, $"\\x{{{rune.Value:X2}}}");
        }

        return encoded.ToString();
    }

    /// <summary>Writes all but ASCII as escapes; escapes that are there already stay (the form utf-8-addr-xtext).</summary>
    public static string ToAscii(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (Ascii.IsValid(address))
            return address;
        var encoded = new StringBuilder(address.Length);
        foreach (var rune in address.EnumerateRunes())
        {
            if (rune.IsAscii)
                encoded.Append((char)rune.Value);
            else
                encoded.Append(CultureInfo.InvariantCulture, $"\\x{{{rune.Value:X2}}}");
        }

        return encoded.ToString();
    }
}
