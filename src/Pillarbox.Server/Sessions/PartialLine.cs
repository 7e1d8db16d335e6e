using System.Buffers;

namespace Pillarbox.Server.Sessions;

/// <summary>
/// The beginning of a line whose end has not come. Kept here, a few octets of it do not hold a block of the pipe's for as long as a
/// client likes to take over them: with ten thousand such clients that is most of what they cost.
/// </summary>
internal sealed class PartialLine
{
    /// <summary>A longer beginning stays in the pipe: to move it would cost more than it saves.</summary>
    public const int MostMoved = 512;

    // More than the longest line; of what is longer still, the rest follows once this much has been looked at.
    private const int Capacity = 16 << 10;
    private const int FirstSize = 64;

    private byte[] _octets = [];
    private int _length;

    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => _length == 0;

    /// <summary>What there is. Valid until something is added, taken lines too.</summary>
    public ReadOnlySequence<byte> Content => new(_octets, 0, _length);

    /// <summary>Adds what belongs to the line, and takes it off <paramref name="buffer"/>: all up to an LF.</summary>
    public void Extend(ref ReadOnlySequence<byte> buffer)
    {
        var end = buffer.PositionOf((byte)'\n') is { } lf ? buffer.GetPosition(1, lf) : buffer.End;
        var part = buffer.Slice(0, end);
        if (part.Length > Capacity - _length)
            part = buffer.Slice(0, Capacity - _length);
        var needed = _length + (int)part.Length;
        if (needed > _octets.Length)
            Array.Resize(ref _octets, Math.Max(needed, Math.Max(FirstSize, 2 * _octets.Length)));
        part.CopyTo(_octets.AsSpan(_length));
        _length = needed;
        buffer = buffer.Slice(part.End);
    }

    /// <summary>Forgets all but the last octet, which may be the first half of a line end.</summary>
    public void KeepLast()
    {
        _octets[0] = _octets[_length - 1];
        _length = 1;
    }

    /// <summary>The line was taken.</summary>
    public void Clear() => _length = 0;
}
