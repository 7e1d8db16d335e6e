using System.Buffers;
using System.Text;

namespace Pillarbox.Protocol.Replies;

/// <summary>
/// Puts the lines of a server's reply together (RFC 5321 §4.2.1). Lenient where peers err without harm (a line that
/// ends in a bare LF, a code without text, a last line's code counts where codes differ), strict where it matters:
/// a line without a code, a line over 4,096 octets, more than 512 lines.
/// </summary>
public sealed class RemoteReplyReader
{
    /// <summary>The longest line that is read, in octets; RFC 5321 allows 512, and servers are seen to exceed it.</summary>
    public const int MaxLine = 4096;

    /// <summary>Characters of a reply's text that are kept, its lines together.</summary>
    public const int MaxText = 4096;

    private const int MaxLines = 512;

    private readonly StringBuilder _text = new();
    private EnhancedStatus _status;
    private int _lines;

    /// <summary>
    /// Takes a whole reply from the start of <paramref name="buffer"/> if one is there. Lines of a reply that is not
    /// whole are taken too and remembered.
    /// </summary>
    /// <param name="buffer">What came in; on return, what is left.</param>
    /// <param name="reply">The reply, where one was whole.</param>
    /// <returns>Whether a reply was whole.</returns>
    /// <exception cref="FormatException">What came is not an SMTP reply.</exception>
    public bool TryRead(ref ReadOnlySequence<byte> buffer, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out RemoteReply? reply)
    {
        while (TryLine(ref buffer, out var line))
        {
            if (AddLine(line, out reply))
                return true;
        }

        reply = null;
        return false;
    }

    private static bool TryLine(ref ReadOnlySequence<byte> buffer, out string line)
    {
        line = "";
        if (buffer.PositionOf((byte)'\n') is not { } end)
        {
            if (buffer.Length > MaxLine)
                throw new FormatException($"a reply line of more than {MaxLine} octets");
            return false;
        }

        var bytes = buffer.Slice(0, end);
        if (bytes.Length > MaxLine)
            throw new FormatException($"a reply line of more than {MaxLine} octets");
        line = Encoding.UTF8.GetString(bytes).TrimEnd('\r');
        buffer = buffer.Slice(buffer.GetPosition(1, end));
        return true;
    }

    private bool AddLine(string line, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out RemoteReply? reply)
    {
        reply = null;
        if (line.Length < 3 || line[0] is < '2' or > '5' || !char.IsAsciiDigit(line[1]) || !char.IsAsciiDigit(line[2])
            || (line.Length > 3 && line[3] is not (' ' or '-')))
            throw new FormatException($"not an SMTP reply: {Printable(line)}");
        if (++_lines > MaxLines)
            throw new FormatException($"a reply of more than {MaxLines} lines");

        var text = line.Length > 4 ? line.AsSpan(4) : default;
        if (EnhancedStatus.TryParse(text, out var status, out var length))
        {
            if (_lines == 1)
                _status = status;
            // RFC 2034 §4 has the status on every line; it is data once, not thrice.
            if (status == _status)
                text = text[length..].TrimStart(' ');
        }

        AddText(text);

        if (line.Length > 3 && line[3] == '-')
            return false;

        var code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
        reply = new RemoteReply(code, _status, _text.ToString());
        _text.Clear();
        _status = default;
        _lines = 0;
        return true;
    }

    // What is over the limit is passed over: the code is what counts, and the text goes into logs, listings and reports.
    private void AddText(ReadOnlySpan<char> text)
    {
        var room = MaxText - _text.Length - 1;
        if (room <= 0)
            return;
        if (text.Length > room)
            text = text[..(char.IsHighSurrogate(text[room - 1]) ? room - 1 : room)];
        if (_lines > 1)
            _text.Append('\n');
        foreach (var c in text)
            _text.Append(char.IsControl(c) ? '?' : c);
    }

    private static string Printable(string line)
    {
        var shown = line.Length > 80 ? line[..80] + "…" : line;
        return string.Concat(shown.Select(c => char.IsControl(c) ? '?' : c));
    }
}
