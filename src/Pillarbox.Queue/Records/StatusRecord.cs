using System.Buffers;
using Nerdbank.MessagePack;

namespace Pillarbox.Queue.Records;

/// <summary>
/// How a recipient's standing lies in a store: a small MessagePack array, or nil for a recipient that is done. A recipient without a
/// record stands at <see cref="RecipientStatus.First"/>. Versions go as in <see cref="EnvelopeRecord"/>.
/// </summary>
internal static class StatusRecord
{
    private const int Version = 1;
    private const int Fields = 6;

    /// <summary>Writes a standing; <see langword="null"/> is done.</summary>
    public static void Write(RecipientStatus? status, IBufferWriter<byte> output)
    {
        var writer = new MessagePackWriter(output);
        if (status is null)
        {
            writer.WriteNil();
        }
        else
        {
            writer.WriteArrayHeader(Fields);
            writer.Write(Version);
            writer.Write((int)status.State);
            writer.Write(status.Attempts);
            writer.Write(status.Next.UtcTicks);
            writer.Write(status.LastReply);
            writer.Write(status.Warned);
        }

        writer.Flush();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="CorruptRecordException">The record is not one.</exception>
    public static RecipientStatus? Read(ReadOnlyMemory<byte> record)
    {
        try
        {
            var reader = new MessagePackReader(record);
            if (reader.TryReadNil())
                return null;

            var fields = reader.ReadArrayHeader();
            if (reader.ReadInt32() is var version and not Version)
                throw new CorruptRecordException($"a recipient's standing of version {version}; this program reads version {Version}");
            if (fields < Fields)
                throw new CorruptRecordException($"a recipient's standing of {fields} fields in place of {Fields}");

            return new RecipientStatus
            {
                State = (RecipientState)reader.ReadInt32(),
                Attempts = reader.ReadInt32(),
                Next = new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero),
                LastReply = reader.ReadString(),
                Warned = reader.ReadBoolean(),
            };
        }
        catch (Exception e) when (e is MessagePackSerializationException or EndOfStreamException or OverflowException
            or ArgumentOutOfRangeException)
        {
            throw new CorruptRecordException("a recipient's standing that cannot be read", e);
        }
    }
}
