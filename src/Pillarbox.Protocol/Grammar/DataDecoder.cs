using System.Buffers;

namespace Pillarbox.Protocol.Grammar;

/// <summary>
/// Reads what follows 354 (RFC 5321 §4.5.2): takes the dots away that the client put in, and finds the end.
/// Only CRLF.CRLF is the end, with the CRLF of DATA itself serving as the first for an empty message. Everything else that
/// looks like it (LF.LF, LF.CRLF, CRLF.LF, CR.CR, CR.CRLF and so on) is how mail is smuggled past servers that disagree on the
/// end: each holds a bare CR or LF, and so is a fault.
/// </summary>
/// <remarks>A state machine over bytes: it does not matter where reads cut the stream.</remarks>
public sealed class DataDecoder : MessageDecoder
{
    private enum State : byte
    {
        /// <summary>At the start of a line: behind CRLF, or at the very start.</summary>
        LineStart,

        /// <summary>Within a line. Behind a bare LF too, so that a dot there is text, not the end and not stuffing.</summary>
        Text,

        /// <summary>Behind a CR.</summary>
        Cr,

        /// <summary>Behind a dot that began a line.</summary>
        Dot,

        /// <summary>Behind such a dot and a CR.</summary>
        DotCr,
    }

    private State _state;

    /// <summary>Starts with a new message.</summary>
    /// <param name="normalize">Whether a bare LF becomes CRLF instead of a fault.</param>
    /// <param name="maxSize">Octets allowed, after dots were taken away.</param>
    /// <param name="maxLine">Octets of a line allowed, without its CRLF.</param>
    public void Reset(bool normalize, long maxSize, int maxLine)
    {
        _state = State.LineStart;
        Begin(normalize, maxSize, maxLine);
    }

    /// <summary>Decodes <paramref name="input"/> into <paramref name="output"/>.</summary>
    /// <param name="input">Bytes of the client.</param>
    /// <param name="output">Takes the message; untouched from the first fault on.</param>
    /// <param name="consumed">How many bytes were read: all, or those up to the end.</param>
    /// <returns>Whether the end was found.</returns>
    public bool Decode(ReadOnlySpan<byte> input, IBufferWriter<byte> output, out int consumed)
    {
        var at = 0;
        while (at < input.Length)
        {
            switch (_state)
            {
                case State.LineStart:
                    if (input[at] == (byte)'.')
                    {
                        at++;
                        _state = State.Dot;
                    }
                    else
                    {
                        _state = State.Text;
                    }

                    break;
                case State.Text:
                    at += Lines(input[at..], output);
                    break;
                case State.Cr:
                    at += AfterCr(input[at], output);
                    break;
                case State.Dot:
                    _state = input[at] == (byte)'\r' ? State.DotCr : State.Text;
                    at += _state == State.DotCr ? 1 : 0;
                    break;
                case State.DotCr when input[at] == (byte)'\n':
                    consumed = at + 1;
                    return true;
                case State.DotCr:
                    Bare();
                    _state = State.Text;
                    break;
            }
        }

        consumed = at;
        return false;
    }

    private int Lines(ReadOnlySpan<byte> input, IBufferWriter<byte> output)
    {
        var at = TakeLines(input, stuffed: true, output);
        if (at == input.Length)
            return at;
        if (input[at] == (byte)'\r')
            _state = State.Cr;
        else
            BareLf(output);
        return at + 1;
    }

    private int AfterCr(byte octet, IBufferWriter<byte> output)
    {
        if (octet == (byte)'\n')
        {
            EndLine();
            Emit("\r\n"u8, output);
            _state = State.LineStart;
            return 1;
        }

        Bare();
        _state = State.Text;
        return 0;
    }
}
