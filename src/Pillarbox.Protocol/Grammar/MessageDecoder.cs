using System.Buffers;

namespace Pillarbox.Protocol.Grammar;

/// <summary>What is wrong with a message's bytes. The first fault counts.</summary>
public enum DataFault
{
    None,

    /// <summary>A CR without its LF, or an LF without its CR.</summary>
    BareNewline,

    /// <summary>More octets than allowed.</summary>
    TooBig,

    /// <summary>A line longer than allowed.</summary>
    LineTooLong,

    /// <summary>A line that would be a dot alone but for NULs: some servers drop those, and see the end of the message.</summary>
    HiddenDot,
}

/// <summary>
/// What the two ways in which a message comes have in common: its limits, its line ends, and the eye kept on its header section.
/// A message with a fault is read to its end and not written any further.
/// </summary>
public abstract class MessageDecoder
{
    private readonly MessageScanner _scanner = new();
    private bool _normalize;
    private long _maxSize;
    private int _maxLine;
    private long _size;
    private long _line;
    private long _nuls;
    private byte _last;

    private protected MessageDecoder()
    {
    }

    /// <summary>What is wrong so far.</summary>
    public DataFault Fault { get; private set; }

    /// <summary>What was seen of the message so far.</summary>
    public MessageScanner Scanner => _scanner;

    private protected void Begin(bool normalize, long maxSize, int maxLine)
    {
        _normalize = normalize;
        _maxSize = maxSize;
        _maxLine = maxLine;
        _size = _line = _nuls = 0;
        Fault = DataFault.None;
        _scanner.Reset();
    }

    // Takes a run of whole, ordinary lines at once, CRLFs and all, up to the CR or LF that needs a closer look: where that is, or the input's
    // length where all was taken. Where dots are stuffed, a CRLF needs one too that nothing is known behind, or a dot.
    private protected int TakeLines(ReadOnlySpan<byte> input, bool stuffed, IBufferWriter<byte> output)
    {
        var at = 0;
        while (true)
        {
            // The next octet that matters to lines.
            var next = input[at..].IndexOfAny((byte)'\r', (byte)'\n', (byte)0);
            if (next < 0)
            {
                Grow(input[at..]);
                Emit(input, output);
                return input.Length;
            }

            Grow(input.Slice(at, next));
            at += next;
            if (input[at] == 0)
            {
                _line++;
                _nuls++;
                at++;
                continue;
            }

            var ahead = stuffed ? 2 : 1;
            if (input[at] == (byte)'\n' || at + ahead >= input.Length || input[at + 1] != (byte)'\n' || (stuffed && input[at + 2] == (byte)'.'))
                break;
            at += 2;
            EndLine();
        }

        Emit(input[..at], output);
        return at;
    }

    private protected void EndLine()
    {
        if (_nuls > 0 && _line - _nuls == 1 && _last == (byte)'.')
            Fail(DataFault.HiddenDot);
        _line = _nuls = 0;
    }

    private protected void BareLf(IBufferWriter<byte> output)
    {
        if (!_normalize)
            Bare();
        EndLine();
        Emit("\r\n"u8, output);
    }

    private protected void Bare() => Fail(DataFault.BareNewline);

    private protected void Emit(ReadOnlySpan<byte> bytes, IBufferWriter<byte> output)
    {
        if (bytes.IsEmpty || Fault != DataFault.None)
            return;

        _size += bytes.Length;
        if (_size > _maxSize)
        {
            Fail(DataFault.TooBig);
            return;
        }

        _scanner.Scan(bytes);

        // With the number of octets, so that whoever takes them makes room for them once.
        bytes.CopyTo(output.GetSpan(bytes.Length));
        output.Advance(bytes.Length);
    }

    private void Grow(ReadOnlySpan<byte> run)
    {
        _line += run.Length;
        if (_line > _maxLine)
            Fail(DataFault.LineTooLong);
        if (!run.IsEmpty)
            _last = run[^1];
    }

    private void Fail(DataFault fault)
    {
        if (Fault == DataFault.None)
            Fault = fault;
    }
}
