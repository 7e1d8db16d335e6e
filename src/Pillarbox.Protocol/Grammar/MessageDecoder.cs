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
        _size = _line = 0;
        Fault = DataFault.None;
        _scanner.Reset();
    }

    private protected void Grow(int octets)
    {
        _line += octets;
        if (_line > _maxLine)
            Fail(DataFault.LineTooLong);
    }

    private protected void EndLine() => _line = 0;

    private protected void BareLf(IBufferWriter<byte> output)
    {
        if (_normalize)
            Emit("\r\n"u8, output);
        else
            Bare();
        EndLine();
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
        output.Write(bytes);
    }

    private void Fail(DataFault fault)
    {
        if (Fault == DataFault.None)
            Fault = fault;
    }
}
