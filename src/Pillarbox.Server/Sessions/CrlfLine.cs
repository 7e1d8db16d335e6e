using System.Buffers;

namespace Pillarbox.Server.Sessions;

/// <summary>Finds lines that end in CRLF. A CR or an LF by itself is no line end anywhere (RFC 5321 §2.3.8).</summary>
internal static class CrlfLine
{
    /// <summary>Takes the first line off <paramref name="buffer"/>, or finds a bare newline in what is there.</summary>
    public static bool TryTake(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> line, out LineFault fault)
    {
        line = default;
        fault = LineFault.None;
        return buffer.IsSingleSegment ? TryTakeSpan(ref buffer, ref line, ref fault) : TryTakeSegments(ref buffer, ref line, ref fault);
    }

    private static bool TryTakeSpan(ref ReadOnlySequence<byte> buffer, ref ReadOnlySequence<byte> line, ref LineFault fault)
    {
        var span = buffer.FirstSpan;
        var at = span.IndexOfAny((byte)'\r', (byte)'\n');
        if (at < 0 || (span[at] == (byte)'\r' && at + 1 == span.Length))
            return false;

        if (span[at] == (byte)'\n' || span[at + 1] != (byte)'\n')
        {
            fault = LineFault.BareNewline;
            return true;
        }

        line = buffer.Slice(0, at);
        buffer = buffer.Slice(at + 2);
        return true;
    }

    private static bool TryTakeSegments(ref ReadOnlySequence<byte> buffer, ref ReadOnlySequence<byte> line, ref LineFault fault)
    {
        var reader = new SequenceReader<byte>(buffer);
        if (!reader.TryReadToAny(out ReadOnlySequence<byte> before, "\r\n"u8, advancePastDelimiter: false))
            return false;

        reader.TryRead(out var first);
        if (first == (byte)'\r' && !reader.TryPeek(out _))
            return false;

        if (first == (byte)'\n' || !reader.IsNext((byte)'\n', advancePast: true))
        {
            fault = LineFault.BareNewline;
            return true;
        }

        line = before;
        buffer = buffer.Slice(reader.Position);
        return true;
    }
}
