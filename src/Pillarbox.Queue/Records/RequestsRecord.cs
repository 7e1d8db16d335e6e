using System.Collections.Immutable;
using Nerdbank.MessagePack;
using Pillarbox.Protocol.Commands;

namespace Pillarbox.Queue.Records;

/// <summary>How what senders asked for lies in an envelope's record. Most mail has none of it.</summary>
internal static class RequestsRecord
{
    private const int RecipientFields = 3;
    private const int RequestFields = 8;

    /// <summary>Whether the sender asked for anything.</summary>
    public static bool IsNeeded(Envelope envelope)
    {
        if (envelope.Requests != SenderRequests.None)
            return true;
        foreach (var recipient in envelope.Recipients)
        {
            if (recipient.Notify != NotifyOn.Unsaid || recipient.Original is not null)
                return true;
        }

        return false;
    }

    /// <summary>Writes what RCPT asked for each recipient.</summary>
    public static void Write(ImmutableArray<Recipient> recipients, ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(recipients.Length);
        foreach (var recipient in recipients)
        {
            writer.WriteArrayHeader(RecipientFields);
            writer.Write((int)recipient.Notify);
            writer.Write(recipient.Original?.AddressType);
            writer.Write(recipient.Original?.Encoded);
        }
    }

    /// <summary>The recipients with what was asked for them.</summary>
    public static ImmutableArray<Recipient> Read(ImmutableArray<Recipient> recipients, ref MessagePackReader reader)
    {
        if (reader.ReadArrayHeader() != recipients.Length)
            throw new CorruptRecordException("an envelope with requests for other recipients than it has");

        var all = recipients.ToBuilder();
        for (var i = 0; i < all.Count; i++)
        {
            var fields = reader.ReadArrayHeader();
            Expect(fields, RecipientFields);
            var notify = (NotifyOn)reader.ReadInt32();
            var (type, encoded) = (reader.ReadString(), reader.ReadString());
            Pass(fields - RecipientFields, ref reader);
            all[i] = all[i] with { Notify = notify, Original = type is null || encoded is null ? null : new OriginalRecipient(type, encoded) };
        }

        return all.MoveToImmutable();
    }

    /// <summary>Writes what MAIL asked for.</summary>
    public static void Write(SenderRequests requests, ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(RequestFields);
        writer.Write(requests.Return is { } content ? (int)content : -1);
        writer.Write(requests.EnvelopeId);
        writer.Write(requests.DeliverBy?.Deadline.UtcTicks ?? 0);
        writer.Write(requests.DeliverBy is { } by ? (int)by.Mode : -1);
        writer.Write(requests.DeliverBy?.Trace ?? false);
        writer.Write(requests.HoldUntil?.UtcTicks ?? 0);
        writer.Write(requests.Priority);
        writer.Write(requests.RequireTls);
    }

    /// <summary>What MAIL asked for.</summary>
    public static SenderRequests Read(ref MessagePackReader reader)
    {
        var fields = reader.ReadArrayHeader();
        Expect(fields, RequestFields);
        var content = reader.ReadInt32();
        var envelopeId = reader.ReadString();
        var (deadline, mode, trace) = (reader.ReadInt64(), reader.ReadInt32(), reader.ReadBoolean());
        var hold = reader.ReadInt64();
        var requests = new SenderRequests
        {
            Return = content < 0 ? null : (ReturnContent)content,
            EnvelopeId = envelopeId,
            DeliverBy = mode < 0 ? null : new DeliverBy(new DateTimeOffset(deadline, TimeSpan.Zero), (DeliverByMode)mode, trace),
            HoldUntil = hold == 0 ? null : new DateTimeOffset(hold, TimeSpan.Zero),
            Priority = reader.ReadInt32(),
            RequireTls = reader.ReadBoolean(),
        };
        Pass(fields - RequestFields, ref reader);
        return requests;
    }

    private static void Expect(int fields, int expected)
    {
        if (fields < expected)
            throw new CorruptRecordException($"requests of {fields} fields in place of {expected}");
    }

    // A later version may have more at the end.
    private static void Pass(int fields, ref MessagePackReader reader)
    {
        for (; fields > 0; fields--)
            reader.Skip(default);
    }
}
