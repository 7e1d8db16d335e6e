using System.Buffers;

namespace Pillarbox.Protocol.Grammar;

/// <summary>
/// Reads what follows BDAT (RFC 3030 §2). How many octets it is was said beforehand, so a dot is a dot and nothing in a chunk can end
/// it. Its lines must end in CRLF all the same, since the message may go on by DATA to a server that sees more in a bare CR or LF;
/// BODY=BINARYMIME alone has no lines (§3). A line, and even a CRLF, may begin in one chunk and end in the next.
/// </summary>
/// <remarks>It does not matter where chunks and reads cut the stream.</remarks>
public sealed class ChunkDecoder : MessageDecoder
{
    private bool _binary;
    private bool _afterCr;

    /// <summary>Starts with a new message.</summary>
    /// <param name="binary">Whether its octets are no lines.</param>
    /// <param name="normalize">Whether a bare LF becomes CRLF instead of a fault.</param>
    /// <param name="maxSize">Octets allowed in all chunks together.</param>
    /// <param name="maxLine">Octets of a line allowed, without its CRLF.</param>
    public void Reset(bool binary, bool normalize, long maxSize, int maxLine)
    {
        _binary = binary;
        _afterCr = false;
        Begin(normalize, maxSize, maxLine);
    }

    /// <summary>Decodes a piece of a chunk.</summary>
    /// <param name="input">Bytes of the client.</param>
    /// <param name="output">Takes the message; untouched from the first fault on.</param>
    public void Decode(ReadOnlySpan<byte> input, IBufferWriter<byte> output)
    {
        if (_binary)
        {
            Emit(input, output);
            return;
        }

        if (_afterCr && !input.IsEmpty)
            input = input[AfterCr(input[0], output)..];
        while (!input.IsEmpty)
            input = input[Lines(input, output)..];
    }

    /// <summary>The last chunk is over: its last line with it, and a CR that waits for its LF waits in vain.</summary>
    public void End()
    {
        if (_afterCr)
            Bare();
        EndLine();
    }

    private int Lines(ReadOnlySpan<byte> input, IBufferWriter<byte> output)
    {
        var at = TakeLines(input, stuffed: false, output);
        if (at == input.Length)
            return at;
        if (input[at] == (byte)'\n')
            BareLf(output);
        else if (at + 1 < input.Length)
            Bare();
        else
            _afterCr = true;
        return at + 1;
    }

    private int AfterCr(byte octet, IBufferWriter<byte> output)
    {
        _afterCr = false;
        if (octet != (byte)'\n')
        {
            Bare();
            return 0;
        }

        EndLine();
        Emit("\r\n"u8, output);
        return 1;
    }
}
