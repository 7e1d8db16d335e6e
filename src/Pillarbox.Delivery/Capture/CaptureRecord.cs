using System.Buffers.Binary;
using System.Numerics;
using Pillarbox.Queue;

namespace Pillarbox.Delivery.Capture;

/// <summary>What a record says.</summary>
internal enum CaptureKind : byte
{
    /// <summary>A message: meta data, then its octets, then their checksum.</summary>
    Message = 1,

    /// <summary>The message of that id is gone.</summary>
    Deleted = 2,

    /// <summary>Nothing but a new floor.</summary>
    Cleared = 3,
}

/// <summary>
/// The head of a record in a segment file, little-endian: magic, kind, sequence, floor, queue id, lengths, and a checksum over the head
/// and the meta data that follow it. The floor is the sequence of the oldest message that was still kept when the record was
/// written: whatever is older is gone, though its octets may be on the disk yet.
/// </summary>
internal readonly record struct CaptureRecord(CaptureKind Kind, long Sequence, long Floor, QueueId Id, long RawLength, int MetaLength)
{
    public const int HeadLength = 48;
    public const int TrailerLength = 4;
    public const int MaxMetaLength = 64 << 20;

    private const uint Magic = 0x31434250; // "PBC1"

    /// <summary>Octets of the whole record.</summary>
    public long Length => HeadLength + MetaLength + RawLength + (Kind == CaptureKind.Message ? TrailerLength : 0);

    public void Write(Span<byte> head, ReadOnlySpan<byte> meta)
    {
        head[..HeadLength].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(head, Magic);
        head[4] = (byte)Kind;
        BinaryPrimitives.WriteInt64LittleEndian(head[8..], Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(head[16..], Floor);
        BinaryPrimitives.WriteUInt64LittleEndian(head[24..], Id.Value);
        BinaryPrimitives.WriteInt64LittleEndian(head[32..], RawLength);
        BinaryPrimitives.WriteInt32LittleEndian(head[40..], MetaLength);
        BinaryPrimitives.WriteUInt32LittleEndian(head[44..], Checksum(Checksum(0, head[..44]), meta));
    }

    /// <summary>Reads a head as far as it can be told without the meta data: <see cref="Matches"/> tells the rest.</summary>
    public static bool TryRead(ReadOnlySpan<byte> head, out CaptureRecord record)
    {
        record = default;
        if (head.Length < HeadLength || BinaryPrimitives.ReadUInt32LittleEndian(head) != Magic)
            return false;

        record = new((CaptureKind)head[4], BinaryPrimitives.ReadInt64LittleEndian(head[8..]), BinaryPrimitives.ReadInt64LittleEndian(head[16..]),
            new QueueId(BinaryPrimitives.ReadUInt64LittleEndian(head[24..])), BinaryPrimitives.ReadInt64LittleEndian(head[32..]),
            BinaryPrimitives.ReadInt32LittleEndian(head[40..]));
        return Enum.IsDefined(record.Kind) && record.RawLength >= 0 && record.MetaLength is >= 0 and <= MaxMetaLength;
    }

    /// <summary>Whether head and meta data are as they were written.</summary>
    public static bool Matches(ReadOnlySpan<byte> head, ReadOnlySpan<byte> meta) =>
        BinaryPrimitives.ReadUInt32LittleEndian(head[44..]) == Checksum(Checksum(0, head[..44]), meta);

    /// <summary>CRC-32C, carried on from <paramref name="crc"/>.</summary>
    public static uint Checksum(uint crc, ReadOnlySpan<byte> bytes)
    {
        crc = ~crc;
        for (; bytes.Length >= 8; bytes = bytes[8..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var b in bytes)
            crc = BitOperations.Crc32C(crc, b);
        return ~crc;
    }
}
