using System.Collections.Immutable;
using Nerdbank.MessagePack;
using Pillarbox.Protocol.Commands;
using Pillarbox.Protocol.Grammar;

namespace Pillarbox.Queue.Records;

/// <summary>How what senders asked for lies in an envelope's record. Most mail has none of it.</summary>
internal static class RequestsRecord
{
    private const int RecipientFields = 3;

    // Two more of one that a list or an alias brought.
    private const int FieldsWithList = 5;
    private const int RequestFields = 8;

    /// <summary>Whether the sender asked for anything.</summary>
    public static bool IsNeeded(Envelope envelope)
    {
        if (envelope.Requests != SenderRequests.None)
            return true;
        foreach (var recipient in envelope.Recipients)
        {
            if (recipient.Notify != NotifyOn.Unsaid || recipient.Original is not null || IsOfList(recipient))
                return true;
        }

        return false;
    }

    /// <summary>Whether a list or an alias brought one of the recipients, or is one: who does not know of that must not deliver the message.</summary>
    public static bool HasLists(Envelope envelope)
    {
        foreach (var recipient in envelope.Recipients)
        {
            if (IsOfList(recipient))
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
            var listed = IsOfList(recipient);
            writer.WriteArrayHeader(listed ? FieldsWithList : RecipientFields);
            writer.Write((int)recipient.Notify);
            writer.Write(recipient.Original?.AddressType);
            writer.Write(recipient.Original?.Encoded);
            if (!listed)
                continue;
            writer.Write(recipient.Sender?.Text);
            writer.Write((int)recipient.Expansion);
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
            all[i] = all[i] with { Notify = notify, Original = type is null || encoded is null ? null : new OriginalRecipient(type, encoded) };
            if (fields < FieldsWithList)
            {
                Pass(fields - RecipientFields, ref reader);
                continue;
            }

            all[i] = all[i] with { Sender = reader.ReadString() is { } sender ? Mailbox.Parse(sender) : null, Expansion = (Expansion)reader.ReadInt32() };
            Pass(fields - FieldsWithList, ref reader);
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

    private static bool IsOfList(in Recipient recipient) => recipient.Sender is not null || recipient.Expansion != Expansion.None;

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
