using System.Buffers;
using System.Collections.Immutable;
using Nerdbank.MessagePack;
using Pillarbox.Protocol.Commands;
using Pillarbox.Protocol.Grammar;

namespace Pillarbox.Queue.Records;

/// <summary>
/// How an envelope lies in a store: one MessagePack array whose first element is the format's version. A later version may add
/// elements at the end, and readers pass over those that they do not know; anything else needs a new version number.
/// </summary>
/// <remarks>The layout is written out by hand, field by field: it is a format on disk, so a renamed property must not change it.</remarks>
internal static class EnvelopeRecord
{
    private const int Version = 1;

    // Of an envelope with a recipient to whom nothing is sent, or for whom another sender stands.
    private const int VersionWithLists = 2;
    private const int Fields = 14;

    // Two more hold what the sender asked for, where it was anything.
    private const int FieldsWithRequests = 16;

    /// <summary>Writes an envelope, and whether its body has a file of its own.</summary>
    public static void Write(Envelope envelope, bool bodyInFile, IBufferWriter<byte> output)
    {
        var writer = new MessagePackWriter(output);
        var asks = RequestsRecord.IsNeeded(envelope);
        writer.WriteArrayHeader(asks ? FieldsWithRequests : Fields);
        writer.Write(asks && RequestsRecord.HasLists(envelope) ? VersionWithLists : Version);
        writer.Write(envelope.Id.Value);
        writer.Write(envelope.Sender?.Text);
        writer.WriteArrayHeader(envelope.Recipients.Length);
        foreach (var recipient in envelope.Recipients)
            writer.Write(recipient.Text);
        writer.Write(envelope.Accepted.UtcTicks);
        writer.Write(envelope.BodySize);
        writer.Write(envelope.Prologue.Span);
        writer.Write((int)envelope.Traits);
        writer.Write(envelope.SmtpUtf8);
        writer.Write((int)envelope.Destination);
        writer.Write(envelope.Account);
        writer.Write(envelope.Client);
        writer.Write(envelope.Session);
        writer.Write(bodyInFile);
        if (asks)
        {
            RequestsRecord.Write(envelope.Recipients, ref writer);
            RequestsRecord.Write(envelope.Requests, ref writer);
        }

        writer.Flush();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="CorruptRecordException">The record is not one.</exception>
    public static (Envelope Envelope, bool BodyInFile) Read(ReadOnlyMemory<byte> record)
    {
        try
        {
            var reader = new MessagePackReader(record);
            var fields = reader.ReadArrayHeader();
            if (reader.ReadInt32() is var version and not (Version or VersionWithLists))
                throw new CorruptRecordException($"an envelope of version {version}; this program reads versions up to {VersionWithLists}");
            if (fields < Fields)
                throw new CorruptRecordException($"an envelope of {fields} fields in place of {Fields}");

            var envelope = new Envelope
            {
                Id = new QueueId(reader.ReadUInt64()),
                Sender = reader.ReadString() is { } sender ? Mailbox.Parse(sender) : null,
                Recipients = ReadRecipients(ref reader),
                Accepted = new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero),
                BodySize = reader.ReadInt64(),
                Prologue = reader.ReadBytes() is { } prologue ? prologue.ToArray() : default,
                Traits = (MessageTraits)reader.ReadInt32(),
                SmtpUtf8 = reader.ReadBoolean(),
                Destination = (Destination)reader.ReadInt32(),
                Account = reader.ReadString(),
                Client = reader.ReadString() ?? "",
                Session = reader.ReadString() ?? "",
            };
            var bodyInFile = reader.ReadBoolean();
            if (fields < FieldsWithRequests)
                return (envelope, bodyInFile);
            return (envelope with { Recipients = RequestsRecord.Read(envelope.Recipients, ref reader), Requests = RequestsRecord.Read(ref reader) }, bodyInFile);
        }
        catch (Exception e) when (e is MessagePackSerializationException or EndOfStreamException or FormatException or OverflowException
            or ArgumentOutOfRangeException)
        {
            throw new CorruptRecordException("an envelope that cannot be read", e);
        }
    }

    private static ImmutableArray<Recipient> ReadRecipients(ref MessagePackReader reader)
    {
        var count = reader.ReadArrayHeader();
        if (count == 0)
            throw new CorruptRecordException("an envelope without recipients");

        // The count is not believed ahead of the recipients themselves: a damaged one must not reserve gigabytes.
        var recipients = ImmutableArray.CreateBuilder<Recipient>(Math.Min(count, 1000));
        for (var i = 0; i < count; i++)
            recipients.Add(Mailbox.Parse(reader.ReadString() ?? ""));
        return recipients.DrainToImmutable();
    }
}
