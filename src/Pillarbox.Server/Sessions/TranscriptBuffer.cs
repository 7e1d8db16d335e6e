using System.Buffers.Binary;
using System.Text;

namespace Pillarbox.Server.Sessions;

/// <summary>
/// Keeps what was said as bytes, and makes text of it only when somebody looks. Bounded: half of the room is for the beginning
/// of the session, half for its latest part; what lay between is counted and let go.
/// </summary>
/// <remarks>One session writes; anybody may read at any time.</remarks>
internal sealed class TranscriptBuffer(int capacity)
{
    // [milliseconds since start: 4][bit 15: server, bits 0-14: length][bytes]
    private const int HeaderLength = 6;
    private const int LongestLine = 600;

    private readonly Lock _gate = new();
    private readonly int _half = Math.Max(capacity / 2, LongestLine + HeaderLength);
    private byte[] _head = new byte[256];
    private int _headLength;
    private bool _headFull;
    private byte[] _tail = [];
    private int _tailLength;
    private int _omitted;

    /// <summary>Adds a line, or several parted by CRLF.</summary>
    public void Add(uint milliseconds, bool fromServer, ReadOnlySpan<byte> lines)
    {
        lock (_gate)
        {
            while (!lines.IsEmpty)
            {
                var end = lines.IndexOf("\r\n"u8);
                AddLine(milliseconds, fromServer, end < 0 ? lines : lines[..end]);
                lines = end < 0 ? default : lines[(end + 2)..];
            }
        }
    }

    /// <summary>The lines as text.</summary>
    public IReadOnlyList<TranscriptLine> Read(DateTimeOffset started)
    {
        lock (_gate)
        {
            var lines = new List<TranscriptLine>();
            Read(_head.AsSpan(0, _headLength), started, lines);
            if (_omitted > 0)
                lines.Add(new TranscriptLine(lines[^1].At, true, $"[{_omitted} lines left out]"));
            Read(_tail.AsSpan(0, _tailLength), started, lines);
            return lines;
        }
    }

    private void AddLine(uint milliseconds, bool fromServer, ReadOnlySpan<byte> line)
    {
        line = line[..Math.Min(line.Length, LongestLine)];
        var need = HeaderLength + line.Length;
        if (!_headFull && _headLength + need <= _half)
        {
            Append(ref _head, ref _headLength, milliseconds, fromServer, line);
            return;
        }

        _headFull = true;
        if (_tailLength + need > _half)
            ForgetOlderHalf();
        Append(ref _tail, ref _tailLength, milliseconds, fromServer, line);
    }

    private void Append(ref byte[] store, ref int length, uint milliseconds, bool fromServer, ReadOnlySpan<byte> line)
    {
        var need = length + HeaderLength + line.Length;
        if (need > store.Length)
            Array.Resize(ref store, Math.Min(Math.Max(store.Length * 2, need), _half));
        var at = store.AsSpan(length);
        BinaryPrimitives.WriteUInt32LittleEndian(at, milliseconds);
        BinaryPrimitives.WriteUInt16LittleEndian(at[4..], (ushort)(line.Length | (fromServer ? 0x8000 : 0)));
        line.CopyTo(at[HeaderLength..]);
        length += HeaderLength + line.Length;
    }

    private void ForgetOlderHalf()
    {
        var at = 0;
        while (at < _tailLength && (at < _tailLength / 2 || at == 0))
        {
            at += HeaderLength + LineLength(_tail.AsSpan(at));
            _omitted++;
        }

        _tail.AsSpan(at, _tailLength - at).CopyTo(_tail);
        _tailLength -= at;
    }

    private static int LineLength(ReadOnlySpan<byte> entry) => BinaryPrimitives.ReadUInt16LittleEndian(entry[4..]) & 0x7fff;

    private static void Read(ReadOnlySpan<byte> entries, DateTimeOffset started, List<TranscriptLine> lines)
    {
        while (!entries.IsEmpty)
        {
            var length = LineLength(entries);
            lines.Add(new TranscriptLine(
                started.AddMilliseconds(BinaryPrimitives.ReadUInt32LittleEndian(entries)),
                (BinaryPrimitives.ReadUInt16LittleEndian(entries[4..]) & 0x8000) != 0,
                Encoding.UTF8.GetString(entries.Slice(HeaderLength, length))));
            entries = entries[(HeaderLength + length)..];
        }
    }
}
