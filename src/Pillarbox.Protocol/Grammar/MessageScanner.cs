using System.Text;

namespace Pillarbox.Protocol.Grammar;

/// <summary>
/// Watches a message go by and notes what a server must know of it: which header fields it has, how often it was
/// received, whether there is an octet above 127 and where. Keeps 16 bytes of the line at hand and nothing else.
/// </summary>
public sealed class MessageScanner
{
    private const int PrefixLength = 16;

    private readonly byte[] _prefix = new byte[PrefixLength];
    private int _line;
    private bool _inHeader;

    /// <summary>Lines that begin with <c>Received:</c> in the header section.</summary>
    public int ReceivedCount { get; private set; }

    /// <summary>Whether there is a Date field.</summary>
    public bool HasDate { get; private set; }

    /// <summary>Whether there is a Message-ID field.</summary>
    public bool HasMessageId { get; private set; }

    /// <summary>Whether the header section has an octet above 127.</summary>
    public bool EightBitHeader { get; private set; }

    /// <summary>Whether the body has an octet above 127.</summary>
    public bool EightBitBody { get; private set; }

    /// <summary>Whether the first octet is a space or a tab, so that a line put ahead of the message would swallow its first.</summary>
    public bool StartsWithSpace { get; private set; }

    /// <summary>Who the message says that it is by, where that is kept; set anew for each message.</summary>
    public AuthorFields? Authors { get; set; }

    /// <summary>Starts with a new message.</summary>
    public void Reset()
    {
        _line = 0;
        _inHeader = true;
        ReceivedCount = 0;
        HasDate = HasMessageId = EightBitHeader = EightBitBody = StartsWithSpace = false;
        _started = false;
    }

    private bool _started;

    /// <summary>Looks at the next bytes, whose lines end in CRLF.</summary>
    public void Scan(ReadOnlySpan<byte> bytes)
    {
        if (!_started && !bytes.IsEmpty)
        {
            _started = true;
            StartsWithSpace = bytes[0] is (byte)' ' or (byte)'\t';
        }

        while (_inHeader && !bytes.IsEmpty)
        {
            var end = bytes.IndexOf((byte)'\n');
            var part = end < 0 ? bytes : bytes[..(end + 1)];
            bytes = bytes[part.Length..];
            Authors?.Add(part, begins: _line == 0, ends: end >= 0);
            Keep(part);
            if (end >= 0)
                EndLine();
        }

        EightBitBody = EightBitBody || !Ascii.IsValid(bytes);
    }

    private void Keep(ReadOnlySpan<byte> part)
    {
        if (_line < PrefixLength)
            part[..Math.Min(part.Length, PrefixLength - _line)].CopyTo(_prefix.AsSpan(_line));
        _line += part.Length;
        EightBitHeader = EightBitHeader || !Ascii.IsValid(part);
    }

    private void EndLine()
    {
        var prefix = _prefix.AsSpan(0, Math.Min(_line, PrefixLength));
        if (_line == 2)
            _inHeader = false;
        else if (Begins(prefix, "received:"u8))
            ReceivedCount++;
        else if (Begins(prefix, "date:"u8))
            HasDate = true;
        else if (Begins(prefix, "message-id:"u8))
            HasMessageId = true;
        _line = 0;
    }

    private static bool Begins(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name) =>
        line.Length >= name.Length && Ascii.EqualsIgnoreCase(line[..name.Length], name);
}
