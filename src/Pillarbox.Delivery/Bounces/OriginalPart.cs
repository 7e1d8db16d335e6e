using Pillarbox.Protocol.Commands;
using Pillarbox.Queue;

namespace Pillarbox.Delivery.Bounces;

/// <summary>
/// What a report returns of the message: of a failure the whole, where the sender asked for it or it is small and plain ASCII; else its
/// header (RFC 3461 §4.3 and §6.2). A report must get through where the message did not, so it needs
/// nothing of a hop.
/// </summary>
/// <param name="ContentType">The part's type.</param>
/// <param name="Content">Its octets.</param>
/// <param name="IsEightBit">Whether any is above 127.</param>
/// <param name="IsGlobal">Whether one is in the header (RFC 6532): such a part may be encoded, others may not (RFC 2046 §5.2.1).</param>
internal sealed record OriginalPart(string ContentType, ReadOnlyMemory<byte> Content, bool IsEightBit, bool IsGlobal)
{
    // Reports are made in memory, and many may be under way.
    private const int MaxAsked = 256 << 10;
    private const int MaxHeader = 64 << 10;

    /// <summary>Reads it.</summary>
    /// <param name="envelope">The message.</param>
    /// <param name="body">Its body, where it can be had.</param>
    /// <param name="failed">Whether the report has a failure in it.</param>
    /// <param name="unasked">Octets up to which the whole is returned unasked.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async ValueTask<OriginalPart> ReadAsync(
        Envelope envelope, MessageBody? body, bool failed, int unasked, CancellationToken cancellationToken)
    {
        var whole = failed && body is not null && IsWhole(envelope, unasked);
        var content = await ContentAsync(envelope, body, whole ? int.MaxValue : MaxHeader, cancellationToken);
        if (whole)
        {
            var global = envelope.Traits.HasFlag(MessageTraits.EightBitHeaders);
            return new OriginalPart(global ? "message/global" : "message/rfc822", content, envelope.Traits != MessageTraits.None, global);
        }

        var header = HeaderOf(content);
        var eightBit = header.Span.ContainsAnyInRange((byte)0x80, (byte)0xff);
        return new OriginalPart(eightBit ? "message/global-headers" : "text/rfc822-headers", header, eightBit, eightBit);
    }

    private static bool IsWhole(Envelope envelope, int unasked) => envelope.Requests.Return switch
    {
        // RFC 8689 §5: whatever was asked for, a message that must stay under TLS is not sent back whole.
        _ when envelope.Requests.RequireTls => false,
        ReturnContent.Headers => false,

        // Binary content stands in no part of a message of lines, and content of 8 bits would need 8BITMIME of every hop, with nobody to be told where
        // one lacks it: such a part may not be encoded, as the global form may.
        ReturnContent.Full => envelope.Size <= MaxAsked && !envelope.Traits.HasFlag(MessageTraits.Binary) && envelope.Traits != MessageTraits.EightBitBody,
        _ => envelope.Size <= unasked && envelope.Traits == MessageTraits.None,
    };

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
