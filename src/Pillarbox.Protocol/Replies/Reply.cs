using System.Text;

namespace Pillarbox.Protocol.Replies;

/// <summary>
/// A reply as a server sends it: a code, an enhanced status where the reply has one, and a line of text or more
/// (RFC 5321 §4.2, RFC 2034 §4). The bytes on the wire are made once, so a reply without variable parts costs nothing to send.
/// </summary>
public sealed class Reply
{
    /// <summary>The longest line on the wire, CRLF included (RFC 5321 §4.5.3.1.5).</summary>
    public const int MaxLine = 512;

    private readonly byte[] _wire;

    /// <param name="code">Three digits, 200 to 599.</param>
    /// <param name="status">The enhanced status, of the code's class, or none.</param>
    /// <param name="lines">One line or more of printable ASCII. A longer one than the wire takes is cut.</param>
    public Reply(int code, EnhancedStatus status, params ReadOnlySpan<string> lines)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(code, 200);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(code, 599);
        if (!status.IsNone && status.Class != code / 100)
            throw new ArgumentException($"{status} is not of the class of {code}", nameof(status));
        if (lines.IsEmpty)
            throw new ArgumentException("a reply has a line", nameof(lines));

        Code = code;
        Status = status;
        Lines = [.. lines];
        _wire = Encode(code, status, Lines);
    }

    /// <summary>The reply code.</summary>
    public int Code { get; }

    /// <summary>The enhanced status, or none.</summary>
    public EnhancedStatus Status { get; }

    /// <summary>The text, line by line, without code and status.</summary>
    public IReadOnlyList<string> Lines { get; }

    /// <summary>The whole reply as it goes over the wire, each line ended by CRLF.</summary>
    public ReadOnlySpan<byte> Wire => _wire;

    /// <summary>Whether the reply says no: a 4yz or a 5yz.</summary>
    public bool IsNegative => Code >= 400;

    /// <summary>The same code and status with a line of other text.</summary>
    public Reply WithText(string line) => new(Code, Status, line);

    /// <inheritdoc/>
    public override string ToString() => Encoding.ASCII.GetString(_wire).TrimEnd();

    private static byte[] Encode(int code, EnhancedStatus status, IReadOnlyList<string> lines)
    {
        var text = new StringBuilder();
        for (var i = 0; i < lines.Count; i++)
        {
            var start = text.Length;
            text.Append(code).Append(i == lines.Count - 1 ? ' ' : '-');
            if (!status.IsNone)
                text.Append(status.ToString()).Append(' ');
            foreach (var c in lines[i])
                text.Append(c is >= ' ' and < '\x7f' ? c : '?');
            text.Length = Math.Min(text.Length, start + MaxLine - 2);
            text.Append("\r\n");
        }

        return Encoding.ASCII.GetBytes(text.ToString());
    }
}
