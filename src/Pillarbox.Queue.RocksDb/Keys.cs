using System.Buffers.Binary;

namespace Pillarbox.Queue.RocksDb;

/// <summary>
/// What the keys look like: a letter for the kind of record, then the message's id, big end first, so that keys sort in the order of ids.
/// Kinds lie apart: whoever lists envelopes does not read bodies.
/// </summary>
internal static class Keys
{
    /// <summary>A small body.</summary>
    public const byte Body = (byte)'b';

    /// <summary>An envelope. It makes the message: without it there is none.</summary>
    public const byte Envelope = (byte)'e';

    /// <summary>The highest id that was accepted.</summary>
    public const byte HighestId = (byte)'h';

    /// <summary>A recipient's standing; the id is followed by the recipient's number.</summary>
    public const byte Recipient = (byte)'r';

    /// <summary>A record that could not be read: this letter, then the key it had.</summary>
    public const byte SetAside = (byte)'x';

    /// <summary>Octets of a message's key.</summary>
    public const int Length = 9;

    /// <summary>Octets of a recipient's key.</summary>
    public const int RecipientLength = 13;

    /// <summary>Writes a message's key.</summary>
    public static ReadOnlySpan<byte> Message(Span<byte> buffer, byte kind, QueueId id)
    {
        buffer[0] = kind;
        BinaryPrimitives.WriteUInt64BigEndian(buffer[1..], id.Value);
        return buffer[..Length];
    }

    /// <summary>Writes a recipient's key.</summary>
    public static ReadOnlySpan<byte> OfRecipient(Span<byte> buffer, QueueId id, int recipient)
    {
        Message(buffer, Recipient, id);
        BinaryPrimitives.WriteInt32BigEndian(buffer[Length..], recipient);
        return buffer[..RecipientLength];
    }

    /// <summary>The id in a key.</summary>
    public static QueueId IdOf(ReadOnlySpan<byte> key) => new(BinaryPrimitives.ReadUInt64BigEndian(key[1..]));

    /// <summary>The recipient's number in a recipient's key.</summary>
    public static int RecipientOf(ReadOnlySpan<byte> key) => BinaryPrimitives.ReadInt32BigEndian(key[Length..]);
}
