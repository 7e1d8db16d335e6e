using System.Globalization;
using System.Text;

namespace Pillarbox.Protocol.Grammar;

/// <summary>xtext of RFC 3461 §4: printable ASCII where <c>+</c> and two upper-case hexadecimal digits stand for an octet.</summary>
public static class Xtext
{
    /// <summary>Whether the whole of <paramref name="text"/> is xtext, and not empty.</summary>
    public static bool IsValid(ReadOnlySpan<byte> text)
    {
        Span<byte> decoded = stackalloc byte[512];
        return text.Length <= decoded.Length && TryDecode(text, decoded, out _);
    }

    /// <summary>Decodes for people to read: octets that are no printable UTF-8 become question marks, and what is no xtext stays as it is.</summary>
    public static string Decode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var decoded = new byte[text.Length];
        if (!TryDecode(Encoding.UTF8.GetBytes(text), decoded, out var length))
            return text;
        return string.Concat(Encoding.UTF8.GetString(decoded.AsSpan(0, length)).EnumerateRunes()
            .Select(rune => Rune.IsControl(rune) || rune == Rune.ReplacementChar ? "?" : rune.ToString()));
    }

    /// <summary>Encodes a text in UTF-8 as xtext.</summary>
    public static string Encode(string text)
    {
        var encoded = new StringBuilder();
        foreach (var octet in Encoding.UTF8.GetBytes(text))
        {
            if (octet is < 0x21 or > 0x7e or (byte)'+' or (byte)'=')
                encoded.Append(CultureInfo.InvariantCulture, $"+{octet:X2}");
            else
                encoded.Append((char)octet);
        }

        return encoded.ToString();
    }

    /// <summary>Decodes the whole of <paramref name="text"/>; false where it is no xtext or does not fit.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> text, Span<byte> destination, out int length)
    {
        length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var octet = text[i];
            if (octet == (byte)'+')
            {
                if (i + 2 >= text.Length || !TryHex(text[i + 1], out var high) || !TryHex(text[i + 2], out var low))
                    return false;
                octet = (byte)(high << 4 | low);
                i += 2;
            }
            else if (octet is < 0x21 or > 0x7e or (byte)'=')
            {
                return false;
            }

            if (length == destination.Length)
                return false;
            destination[length++] = octet;
        }

        return length > 0;
    }

    private static bool TryHex(byte digit, out int value)
    {
        value = digit switch
        {
            >= (byte)'0' and <= (byte)'9' => digit - '0',
            >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
            _ => -1,
        };
        return value >= 0;
    }
}
