using Pillarbox.Queue;

namespace Pillarbox.Delivery.Bounces;

/// <summary>
/// What a report returns of the message: the whole where it is small and plain ASCII, else its header. A report must get through
/// where the message did not, so it never needs more of a hop than an address or the header does.
/// </summary>
internal sealed record OriginalPart(string ContentType, ReadOnlyMemory<byte> Content, bool IsEightBit)
{
    private const int MaxHeader = 64 << 10;

    public static async ValueTask<OriginalPart> ReadAsync(Envelope envelope, MessageBody? body, int returned, CancellationToken cancellationToken)
    {
        var whole = body is not null && envelope.Traits == MessageTraits.None && envelope.Size <= returned;
        var content = await ContentAsync(envelope, body, whole ? returned : MaxHeader, cancellationToken);
        if (whole)
            return new OriginalPart("message/rfc822", content, false);

        var header = HeaderOf(content);
        var eightBit = header.Span.ContainsAnyInRange((byte)0x80, (byte)0xff);
        return new OriginalPart(eightBit ? "message/global-headers" : "text/rfc822-headers", header, eightBit);
    }

    private static async ValueTask<byte[]> ContentAsync(Envelope envelope, MessageBody? body, int limit, CancellationToken cancellationToken)
    {
        var prologue = envelope.Prologue.Length;
        var content = new byte[prologue + (int)Math.Min(body?.Length ?? 0, limit)];
        envelope.Prologue.CopyTo(content);
        var read = prologue;
        while (read < content.Length)
        {
            var count = await body!.ReadAsync(read - prologue, content.AsMemory(read), cancellationToken);
            if (count == 0)
                return content[..read];
            read += count;
        }

        return content;
    }

    private static ReadOnlyMemory<byte> HeaderOf(byte[] content)
    {
        if (content.AsSpan().StartsWith("\r\n"u8))
            return default;
        var end = content.AsSpan().IndexOf("\r\n\r\n"u8);

        // One that the limit cut off ends with its last whole line.
        return end >= 0 ? content.AsMemory(0, end + 2) : content.AsMemory(0, content.AsSpan().LastIndexOf((byte)'\n') + 1);
    }
}
