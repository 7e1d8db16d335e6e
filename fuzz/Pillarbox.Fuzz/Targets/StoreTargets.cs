using System.Buffers;
using System.Text;
using Pillarbox.Protocol.Commands;
using Pillarbox.Protocol.Grammar;
using Pillarbox.Queue;
using Pillarbox.Queue.Records;

namespace Pillarbox.Fuzzing;

/// <summary>Records of the store, as a damaged disk or another version might give them.</summary>
internal static class StoreTargets
{
    private static readonly byte[][] Tokens =
    [
        [0xc0], [0xc1], [0xc2], [0xc3], [0xcf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [0xd3, 0x80, 0, 0, 0, 0, 0, 0, 0], [0xdd, 0x7f, 0xff, 0xff, 0xff], [0xdc, 0xff, 0xff],
        [0xdb, 0x7f, 0xff, 0xff, 0xff], [0xc6, 0x7f, 0xff, 0xff, 0xff], [0xc9, 0, 0, 0, 1, 0], [0x90], [0x9e], [0x80], [0xa0], [0xff], [0x00], [0xca, 0, 0, 0, 0], [0xa3, 0xff, 0xfe, 0xfd],
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("envelope", ReadEnvelope, Envelopes) { Tokens = Tokens },
        new("standing", ReadStanding, Standings) { Tokens = Tokens },
    ];

    private static void ReadEnvelope(byte[] input)
    {
        Envelope envelope;
        bool inFile;
        try
        {
            (envelope, inFile) = EnvelopeRecord.Read(input);
        }
        catch (CorruptRecordException)
        {
            return;
        }

        FuzzTarget.Require(envelope.Recipients.Length > 0, "an envelope without recipients");
        var record = new ArrayBufferWriter<byte>();
        EnvelopeRecord.Write(envelope, inFile, record);
        var (again, _) = EnvelopeRecord.Read(record.WrittenMemory);
        FuzzTarget.Require(again.Id == envelope.Id && again.Recipients.SequenceEqual(envelope.Recipients) && again.Requests == envelope.Requests, "an envelope that comes back as another");
    }

    private static void ReadStanding(byte[] input)
    {
        RecipientStatus? status;
        try
        {
            status = StatusRecord.Read(input);
        }
        catch (CorruptRecordException)
        {
            return;
        }

        var record = new ArrayBufferWriter<byte>();
        StatusRecord.Write(status, record);
        FuzzTarget.Require(Equals(StatusRecord.Read(record.WrittenMemory), status), "a standing that comes back as another");
    }

    private static List<byte[]> Envelopes()
    {
        var plain = new Envelope
        {
            Id = new QueueId(1),
            Sender = null,
            Recipients = [Mailbox.Parse("postmaster")],
            Accepted = DateTimeOffset.UnixEpoch,
            BodySize = 12,
        };
        var full = plain with
        {
            Sender = Mailbox.Parse("\"ann lee\"@example.org"),
            Recipients =
            [
                new Recipient(Mailbox.Parse("bob@example.org"), NotifyOn.Success | NotifyOn.Delay, new OriginalRecipient("rfc822", "bob+2Bx@example.org")), Mailbox.Parse("\u0e2a@example.org"),
            ],
            Prologue = Encoding.ASCII.GetBytes("Received: from x\r\n"),
            Traits = MessageTraits.EightBitBody,
            SmtpUtf8 = true,
            Account = "ann",
            Client = "127.0.0.1",
            Session = "S1",
            Requests = new SenderRequests
            {
                Return = ReturnContent.Headers,
                EnvelopeId = "a+2Bb",
                DeliverBy = new DeliverBy(DateTimeOffset.UnixEpoch.AddHours(1), DeliverByMode.Notify, Trace: true),
                HoldUntil = DateTimeOffset.UnixEpoch.AddDays(1),
                Priority = -3,
                RequireTls = true,
            },
        };
        return [.. new[] { plain, full }.Select(envelope =>
        {
            var record = new ArrayBufferWriter<byte>();
            EnvelopeRecord.Write(envelope, bodyInFile: envelope.SmtpUtf8, record);
            return record.WrittenSpan.ToArray();
        })];
    }

    private static List<byte[]> Standings() => [.. new[]
    {
        null,
        RecipientStatus.Fresh,
        RecipientStatus.Fresh with { Attempts = 3, Next = DateTimeOffset.UnixEpoch.AddHours(2), LastReply = "451 4.3.0 Later", Warned = true },
    }.Select(status =>
    {
        var record = new ArrayBufferWriter<byte>();
        StatusRecord.Write(status, record);
        return record.WrittenSpan.ToArray();
    })];
}
