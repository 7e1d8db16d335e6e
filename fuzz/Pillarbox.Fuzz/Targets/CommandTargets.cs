using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using Pillarbox.Protocol.Commands;
using Pillarbox.Protocol.Grammar;
using Pillarbox.Protocol.Replies;
using Pillarbox.Queue;
using Pillarbox.Queue.Records;

namespace Pillarbox.Fuzzing;

/// <summary>Commands and their parameters.</summary>
internal static class CommandTargets
{
    private static readonly byte[][] Tokens =
    [
        .. FuzzTarget.Texts(
            "MAIL ", "RCPT ", "EHLO ", "AUTH ", "BDAT ", "XCLIENT ", "ETRN ", "FROM:", "TO:", "<", ">", "<>", "@", "@a.example,@b.example:", "\"", "\\", "[", "]", "[IPv6:", "::1", "127.0.0.1", ":", ",", ";", "=", " ", "\t",
            " SIZE=", "99999999999999999999", "-1", "0", " BODY=8BITMIME", " BODY=BINARYMIME", " SMTPUTF8", " AUTH=<>", " RET=HDRS", " ENVID=", " NOTIFY=", "NEVER", "SUCCESS,FAILURE,DELAY", " ORCPT=rfc822;", " ORCPT=utf-8;", "\\x{E9}", "+2B", "+", "+zz",
            " BY=120;R", " BY=-999999999;NT", " HOLDFOR=86400", " HOLDUNTIL=2027-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999-14:00", "0001-01-01T00:00:00+14:00", " MT-PRIORITY=-9", " REQUIRETLS", " LAST", "postmaster",
            "xn--", "\u00e4", "\u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35", "\ud83d\udce8", "\u202e", ".", "..", "-"),
        [0], [13], [10], [0x7f], [0x80], [0xff], [0xed, 0xa0, 0x80], [0xc0, 0xaf], [0xf4, 0x90, 0x80, 0x80],
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("command-line", Line, Corpus.ClientLines) { Tokens = Tokens },
        new("hello", Hello, () => [.. Corpus.Arguments("EHLO"), .. Corpus.Arguments("HELO"), .. Corpus.Of("hello")]) { Tokens = Tokens },
        new("mail", Mail, () => [.. Corpus.Arguments("MAIL"), .. Corpus.Of("mail")]) { Tokens = Tokens },
        new("rcpt", Rcpt, () => [.. Corpus.Arguments("RCPT"), .. Corpus.Of("rcpt")]) { Tokens = Tokens },
        new("etrn", Etrn, () => [.. Corpus.Arguments("ETRN"), .. Corpus.Of("etrn")]) { Tokens = Tokens },
        new("xclient", Xclient, () => [.. Corpus.Arguments("XCLIENT"), .. Corpus.Of("xclient")]) { Tokens = Tokens },
        new("bdat", Bdat, () => Corpus.Of("bdat")) { Tokens = Tokens },
    ];

    private static void Line(byte[] input)
    {
        var command = CommandLine.Read(input);
        FuzzTarget.Require(command.Argument.IsEmpty || command.Argument[0] != ' ' && command.Argument[^1] is not ((byte)' ' or (byte)'\t'), "an argument with space around it");
        var argument = command.Argument.ToArray();
        foreach (var phase in Enum.GetValues<SessionPhase>())
            CheckFault(CommandTable.Refusal(command.Verb, phase));
        switch (command.Verb)
        {
            case Verb.Mail:
                Mail(argument);
                break;
            case Verb.Rcpt:
                Rcpt(argument);
                break;
            case Verb.Ehlo or Verb.Helo or Verb.Lhlo:
                Hello(argument);
                break;
            case Verb.Etrn:
                Etrn(argument);
                break;
            case Verb.Xclient:
                Xclient(argument);
                break;
            case Verb.Bdat:
                Bdat(argument);
                break;
        }
    }

    private static void Hello(byte[] input)
    {
        if (CheckFault(HelloCommand.Read(input, out var name)))
            return;
        FuzzTarget.Require(name is { Length: > 0 } && !name.Any(char.IsControl), "a name with controls");
        // It goes into the Received line.
        FuzzTarget.Require(Encoding.UTF8.GetByteCount(name) <= 512 && !name.Contains(' ', StringComparison.Ordinal), "a name that no line holds");
    }

    private static void Mail(byte[] input)
    {
        if (CheckFault(MailCommand.Read(input, out var command)))
            return;
        if (command.Sender is { } sender)
            GrammarTargets.Check(sender);
        FuzzTarget.Require(command.Size is null or >= 0, "a negative size");
        FuzzTarget.Require(command.Priority is null or (>= -9 and <= 9), "a priority out of range");
        FuzzTarget.Require(command.HoldFor is null || (command.HoldFor > TimeSpan.Zero && command.HoldUntil is null), "a hold that is none");
        FuzzTarget.Require(command.DeliverBy is not { Mode: DeliverByMode.Return } by || by.Within > TimeSpan.Zero, "a return at once");
        if (command.EnvelopeId is { } id)
            FuzzTarget.Require(id.Length is > 0 and <= 100 && Xtext.IsValid(Encoding.ASCII.GetBytes(id)), "an envelope id that is no xtext");
        CheckKept(command.Sender, [Mailbox.Parse("a@example.org")], new SenderRequests
        {
            Return = command.Return,
            EnvelopeId = command.EnvelopeId,
            HoldUntil = command.HoldUntil,
            Priority = command.Priority ?? 0,
            RequireTls = command.RequireTls,
        });
    }

    private static void Rcpt(byte[] input)
    {
        var refused = CheckFault(RcptCommand.Read(input, smtpUtf8: true, out var recipient));
        if (!refused && recipient.Original is { } asGiven)
            FuzzTarget.Require(!asGiven.Address.Any(char.IsControl) && (asGiven.ToAscii() is not { } ascii || (Ascii.IsValid(ascii.Encoded) && ascii.ToString().Length <= 500)), "an original recipient that does not go on");
        if (CheckFault(RcptCommand.Read(input, smtpUtf8: false, out var plain)))
            return;
        FuzzTarget.Require(!refused && plain == recipient && !recipient.Address.NeedsSmtpUtf8, "an address that depends on SMTPUTF8");
        GrammarTargets.Check(recipient.Address);
        FuzzTarget.Require(!recipient.Notify.HasFlag(NotifyOn.Never) || recipient.Notify == NotifyOn.Never, "never, and something");
        if (recipient.Original is { } original)
            FuzzTarget.Require(!original.Address.Any(char.IsControl) && original.ToString().Length <= 500, "an original recipient that cannot be shown");
        CheckKept(null, [recipient], SenderRequests.None);
    }

    private static void Bdat(byte[] input)
    {
        if (!CheckFault(BdatCommand.Read(input, out var command)))
            FuzzTarget.Require(command.Size >= 0, "a negative chunk");
    }

    private static void Etrn(byte[] input)
    {
        if (CheckFault(EtrnCommand.Read(input, out var command)))
            return;
        FuzzTarget.Require(command.Name.Length > 0 && !command.Node.Any(char.IsControl), "a node that cannot be shown");
        FuzzTarget.Require(Encoding.UTF8.GetBytes(command.Node).AsSpan().SequenceEqual(input), "a node that is none that was asked for");
    }

    private static void Xclient(byte[] input)
    {
        // An argument comes without the spaces around it.
        if (CheckFault(XclientCommand.Read(input.AsSpan().Trim(" \t"u8), out var command)))
            return;
        FuzzTarget.Require(command.Given != XclientAttributes.None, "a client of whom nothing was said");
        FuzzTarget.Require(!$"{command.Name}{command.Hello}{command.Login}".Any(char.IsControl), "a name with controls");
        FuzzTarget.Require(command.Address is not { IsIPv4MappedToIPv6: true }, "an IPv4 address as IPv6");
    }

    private static bool CheckFault(Reply? fault)
    {
        FuzzTarget.Require(fault is null or { Code: >= 400 and < 600, Status.IsNone: false }, "a fault that says yes");
        return fault is not null;
    }

    // What was accepted is what the store gives back.
    private static void CheckKept(Mailbox? sender, ImmutableArray<Recipient> recipients, SenderRequests requests)
    {
        var envelope = new Envelope
        {
            Id = new QueueId(1),
            Sender = sender,
            Recipients = recipients,
            Accepted = DateTimeOffset.UnixEpoch,
            BodySize = 0,
            Requests = requests,
        };
        var record = new ArrayBufferWriter<byte>();
        EnvelopeRecord.Write(envelope, bodyInFile: false, record);
        var (read, _) = EnvelopeRecord.Read(record.WrittenMemory);
        FuzzTarget.Require(Equals(read.Sender, sender) && read.Recipients.SequenceEqual(recipients) && read.Requests == requests, "an envelope that comes back as another");
    }
}
