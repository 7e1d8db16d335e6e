using System.Buffers;
using Pillarbox.Protocol.Commands;
using Pillarbox.Protocol.Grammar;
using Pillarbox.Queue.Records;

namespace Pillarbox.Queue.Tests;

/// <summary>What lies on people's disks: it must be readable by every later version.</summary>
public sealed class RecordTests
{
    private static readonly Envelope Full = new()
    {
        Id = new QueueId(0x0123456789abcdef),
        Sender = Mailbox.Parse("ann@example.org"),
        Recipients = [Mailbox.Parse("bob@example.net"), Mailbox.Parse("çem@example.net")],
        Accepted = new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero),
        BodySize = 70_000,
        Prologue = "Received: x\r\n"u8.ToArray(),
        Traits = MessageTraits.EightBitBody,
        SmtpUtf8 = true,
        Destination = Destination.Captured,
        Account = "ann",
        Client = "192.0.2.1",
        Session = "s1v;",
    };

    // Written by version 1. These two change only together with a new version number beside the old one.
    private const string GoldenEnvelope =
        "9E01CF0123456789ABCDEFAF616E6E406578616D706C652E6F726792AF626F62406578616D706C652E6E6574B0C3A7656D406578616D706C652E6E6574"
        + "CF08DE79ABBE2A4980CE00011170C40D52656365697665643A20780D0A01C301A3616E6EA93139322E302E322E31A47331763BC3";

    private const string RequestsOfNothing = "92" + "9300C0C0" + "9300C0C0" + "98FFC000FFC20000C2";

    private const string GoldenStatus = "96010103CF08DE79ABBE2A4980AF34353020342E322E30206C61746572C3";

    [Fact]
    public void Envelope_is_written_as_version_1_lays_it_out()
    {
        var output = new ArrayBufferWriter<byte>();
        EnvelopeRecord.Write(Full, bodyInFile: true, output);
        Assert.Equal(GoldenEnvelope, Convert.ToHexString(output.WrittenSpan));
    }

    [Fact]
    public void Envelope_of_version_1_is_read()
    {
        var (envelope, bodyInFile) = EnvelopeRecord.Read(Convert.FromHexString(GoldenEnvelope));
        Assert.True(bodyInFile);
        Assert.Equal(Full.Prologue.ToArray(), envelope.Prologue.ToArray());
        Assert.Equal(Full.Recipients, envelope.Recipients);
        Assert.Equal(Full with { Prologue = default, Recipients = default }, envelope with { Prologue = default, Recipients = default });
    }

    [Fact]
    public void What_the_sender_asked_for_comes_back_as_it_was()
    {
        var asked = Full with
        {
            Recipients =
            [
                new Recipient(Mailbox.Parse("bob@example.net"), NotifyOn.Success | NotifyOn.Delay, new OriginalRecipient("rfc822", "b+2Bb@example.com")),
                Mailbox.Parse("eve@example.net"),
            ],
            Requests = new SenderRequests
            {
                Return = ReturnContent.Headers,
                EnvelopeId = "QQ314159",
                DeliverBy = new DeliverBy(new DateTimeOffset(2026, 3, 5, 0, 0, 0, TimeSpan.Zero), DeliverByMode.Return, true),
                HoldUntil = new DateTimeOffset(2026, 3, 4, 6, 0, 0, TimeSpan.Zero),
                Priority = -4,
                RequireTls = true,
            },
        };
        var output = new ArrayBufferWriter<byte>();
        EnvelopeRecord.Write(asked, bodyInFile: false, output);
        var read = EnvelopeRecord.Read(output.WrittenMemory).Envelope;

        Assert.Equal(asked.Recipients, read.Recipients);
        Assert.Equal("b+b@example.com", read.Recipients[0].Original!.Address);
        Assert.Equal(asked.Requests, read.Requests);
        for (var length = 0; length < output.WrittenCount; length++)
            Assert.Throws<CorruptRecordException>(() => EnvelopeRecord.Read(output.WrittenMemory[..length]));
    }

    [Fact]
    public void What_came_of_lists_comes_back_as_it_was_and_costs_other_recipients_nothing()
    {
        var listed = Full with
        {
            Recipients =
            [
                new Recipient(Mailbox.Parse("bob@example.net"), NotifyOn.Failure),
                new Recipient(Mailbox.Parse("eve@example.net")) { Sender = Mailbox.Parse("boss@example.org") },
                new Recipient(Mailbox.Parse("team@example.net"), NotifyOn.Success) { Expansion = Expansion.Alias },
            ],
        };
        var output = new ArrayBufferWriter<byte>();
        EnvelopeRecord.Write(listed, bodyInFile: false, output);

        Assert.Equal(listed.Recipients, EnvelopeRecord.Read(output.WrittenMemory).Envelope.Recipients);
        Assert.Contains("93" + "9304C0C0" + "9500C0C0B0626F7373406578616D706C652E6F726700" + "9502C0C0C001", Convert.ToHexString(output.WrittenSpan), StringComparison.Ordinal);
        for (var length = 0; length < output.WrittenCount; length++)
            Assert.Throws<CorruptRecordException>(() => EnvelopeRecord.Read(output.WrittenMemory[..length]));
    }

    [Fact]
    public void Standing_is_written_and_read_as_version_1_lays_it_out()
    {
        var status = new RecipientStatus
        {
            State = RecipientState.Deferred,
            Attempts = 3,
            Next = new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero),
            LastReply = "450 4.2.0 later",
            Warned = true,
        };
        var output = new ArrayBufferWriter<byte>();
        StatusRecord.Write(status, output);
        Assert.Equal(GoldenStatus, Convert.ToHexString(output.WrittenSpan));
        Assert.Equal(status, StatusRecord.Read(Convert.FromHexString(GoldenStatus)));
    }

    [Fact]
    public void Done_is_nil()
    {
        var output = new ArrayBufferWriter<byte>();
        StatusRecord.Write(null, output);
        Assert.Equal("C0", Convert.ToHexString(output.WrittenSpan));
        Assert.Null(StatusRecord.Read(output.WrittenMemory));
    }

    [Fact]
    public void Field_that_a_later_version_added_at_the_end_is_passed_over()
    {
        var longer = Convert.FromHexString("DC0011" + GoldenEnvelope[2..] + RequestsOfNothing + "A3" + "6E6577");
        Assert.Equal(Full.Id, EnvelopeRecord.Read(longer).Envelope.Id);
    }

    [Theory]
    [InlineData(Expansion.None, null, 1)]
    [InlineData(Expansion.Alias, null, 2)]
    [InlineData(Expansion.None, "boss@example.org", 2)]
    public void Envelope_that_a_program_without_lists_would_misread_has_another_version(Expansion expansion, string? owner, byte version)
    {
        var sender = owner is null ? null : Mailbox.Parse(owner);
        var envelope = Full with { Recipients = [Full.Recipients[0] with { Notify = NotifyOn.Success, Expansion = expansion, Sender = sender }] };
        var output = new ArrayBufferWriter<byte>();
        EnvelopeRecord.Write(envelope, false, output);

        // Behind the header of an array of 16 fields.
        Assert.Equal(version, output.WrittenSpan[3]);
        Assert.Equal((expansion, sender), (EnvelopeRecord.Read(output.WrittenMemory).Envelope.Recipients[0].Expansion, EnvelopeRecord.Read(output.WrittenMemory).Envelope.Recipients[0].Sender));
    }

    [Fact]
    public void Requests_with_fields_that_a_later_version_added_are_read()
    {
        var longer = Convert.FromHexString("DC0010" + GoldenEnvelope[2..] + "92" + "9600C0C0C000A3" + "6E6577" + "9700C0C0C000C3921001" + "99FFC000FFC20000C3" + "A3" + "6E6577");
        var read = EnvelopeRecord.Read(longer).Envelope;
        Assert.Equal(Full.Recipients.Length, read.Recipients.Length);
        Assert.True(read.Requests.RequireTls);
    }

    [Fact]
    public void Record_that_is_cut_short_is_corrupt_wherever_it_is_cut()
    {
        var envelope = Convert.FromHexString(GoldenEnvelope);
        for (var length = 0; length < envelope.Length; length++)
            Assert.Throws<CorruptRecordException>(() => EnvelopeRecord.Read(envelope.AsMemory(0, length)));
        var status = Convert.FromHexString(GoldenStatus);
        for (var length = 0; length < status.Length; length++)
            Assert.Throws<CorruptRecordException>(() => StatusRecord.Read(status.AsMemory(0, length)));
    }

    [Fact]
    public void Record_with_any_octet_changed_is_read_or_corrupt_and_nothing_else()
    {
        var golden = Convert.FromHexString(GoldenEnvelope);
        for (var at = 0; at < golden.Length; at++)
        {
            for (var value = 0; value < 256; value++)
            {
                var changed = golden.ToArray();
                changed[at] = (byte)value;
                if (Record.Exception(() => EnvelopeRecord.Read(changed)) is { } fault)
                    Assert.IsType<CorruptRecordException>(fault);
            }
        }
    }
}
