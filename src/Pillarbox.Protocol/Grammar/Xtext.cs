namespace Pillarbox.Protocol.Grammar;

/// <summary>xtext of RFC 3461 §4: printable ASCII where <c>+</c> and two upper-case hexadecimal digits stand for an octet.</summary>
internal static class Xtext
{
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
