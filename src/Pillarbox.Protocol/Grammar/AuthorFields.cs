using System.Buffers;
using System.Text;

namespace Pillarbox.Protocol.Grammar;

/// <summary>
/// Keeps who a message says that it is by, as its header section goes by: the From and Sender fields (RFC 5322 §3.6.2), names in any
/// case and with white space ahead of the colon (§4.5), of which some readers take the first of two and others the last.
/// </summary>
public sealed class AuthorFields
{
    /// <summary>Octets that are kept of all of them.</summary>
    private const int Most = 64 << 10;

    private readonly ArrayBufferWriter<byte> _kept = new();
    private readonly List<(bool IsFrom, int At)> _fields = [];
    private readonly byte[] _start = new byte["sender:"u8.Length];
    private int _started;
    private Line _line = Line.Other;

    private enum Line
    {
        Undecided,
        Kept,
        Other,
    }

    /// <summary>Whether they are longer than what is kept.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>The From fields, without their names.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> From => Bodies(isFrom: true);

    /// <summary>The Sender fields, without their names.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Sender => Bodies(isFrom: false);

    /// <summary>Takes a piece of a line of the header section.</summary>
    internal void Add(ReadOnlySpan<byte> part, bool begins, bool ends)
    {
        // A line that begins with white space goes on with the one before it.
        if (begins && part[0] is not ((byte)' ' or (byte)'\t'))
            (_line, _started) = (Line.Undecided, 0);
        if (_line == Line.Undecided)
        {
            var taken = Math.Min(part.Length, _start.Length - _started);
            part[..taken].CopyTo(_start.AsSpan(_started));
            _started += taken;
            part = part[taken..];
            if (_started == _start.Length || ends)
                Decide();
        }

        if (_line == Line.Kept)
            Keep(part);
    }

    private void Decide()
    {
        var start = _start.AsSpan(0, _started);
        var isFrom = IsNamed(start, "from"u8);
        _line = isFrom || IsNamed(start, "sender"u8) ? Line.Kept : Line.Other;
        if (_line == Line.Other)
            return;
        _fields.Add((isFrom, _kept.WrittenCount));
        Keep(start[(isFrom ? "from"u8.Length : "sender"u8.Length)..]);
    }

    private void Keep(ReadOnlySpan<byte> part)
    {
        IsTooLong = IsTooLong || _kept.WrittenCount + part.Length > Most;
        if (!IsTooLong)
            _kept.Write(part);
    }

    private static bool IsNamed(ReadOnlySpan<byte> start, ReadOnlySpan<byte> name) =>
        start.Length > name.Length && Ascii.EqualsIgnoreCase(start[..name.Length], name) && start[name.Length] is (byte)':' or (byte)' ' or (byte)'\t';

    private List<ReadOnlyMemory<byte>> Bodies(bool isFrom)
    {
        var bodies = new List<ReadOnlyMemory<byte>>();
        for (var i = 0; i < _fields.Count; i++)
        {
            var end = i + 1 < _fields.Count ? _fields[i + 1].At : _kept.WrittenCount;
            if (_fields[i].IsFrom == isFrom)
                bodies.Add(BehindColon(_kept.WrittenMemory[_fields[i].At..end]));
        }

        return bodies;
    }

    // Without a colon it is no field, and still what some reader might take for one: it has no address, so it is nobody's.
    private static ReadOnlyMemory<byte> BehindColon(ReadOnlyMemory<byte> field)
    {
        var colon = field.Span.IndexOf((byte)':');
        return colon >= 0 && !field.Span[..colon].ContainsAnyExcept((byte)' ', (byte)'\t') ? field[(colon + 1)..] : default;
    }
}
