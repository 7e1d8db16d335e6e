using System.Buffers;
using Pillarbox.Queue;

namespace Pillarbox.Delivery.Client;

/// <summary>Brings a file's content into the form that SMTP carries: each line ended by CRLF (RFC 5321 §2.3.8).</summary>
internal static class CanonicalContent
{
    public static byte[] Of(ReadOnlySpan<byte> content)
    {
        var result = new ArrayBufferWriter<byte>(content.Length + (content.Length / 32) + 2);
        while (!content.IsEmpty)
        {
            var end = content.IndexOfAny((byte)'\r', (byte)'\n');
            var line = end < 0 ? content : content[..end];
            result.Write(line);
            result.Write("\r\n"u8);
            if (end < 0)
                break;
            var taken = content[end] == (byte)'\r' && end + 1 < content.Length && content[end + 1] == (byte)'\n' ? 2 : 1;
            content = content[(end + taken)..];
        }

        return result.WrittenSpan.ToArray();
    }

    /// <summary>What canonical content needs of a hop.</summary>
    public static MessageTraits Traits(ReadOnlySpan<byte> canonical)
    {
        var blank = canonical.StartsWith("\r\n"u8) ? 0 : canonical.IndexOf("\r\n\r\n"u8);
        var header = blank < 0 ? canonical : canonical[..blank];
        var body = blank < 0 ? default : canonical[blank..];
        return (header.ContainsAnyInRange((byte)0x80, (byte)0xff) ? MessageTraits.EightBitHeaders : MessageTraits.None)
            | (body.ContainsAnyInRange((byte)0x80, (byte)0xff) ? MessageTraits.EightBitBody : MessageTraits.None);
    }
}
