using System.Text;
using Pillarbox.Protocol.Commands;
using Pillarbox.Protocol.Grammar;
using Pillarbox.Protocol.Replies;

namespace Pillarbox.Protocol.Tests.Commands;

public sealed class CommandTests
{
    [Theory]
    [InlineData("EHLO a", Verb.Ehlo, "a")]
    [InlineData("ehlo   a  ", Verb.Ehlo, "a")]
    [InlineData("QUIT", Verb.Quit, "")]
    [InlineData("QUIT \t ", Verb.Quit, "")]
    [InlineData("StartTls", Verb.StartTls, "")]
    [InlineData("QUITE", Verb.Unknown, "")]
    [InlineData("", Verb.Unknown, "")]
    [InlineData(" QUIT", Verb.Unknown, "QUIT")]
    [InlineData("MAİL", Verb.Unknown, "")]
    public void Read_line_isTakenApart(string line, Verb verb, string argument)
    {
        var command = CommandLine.Read(Encoding.UTF8.GetBytes(line));
        Assert.Equal(verb, command.Verb);
        Assert.Equal(argument, Encoding.UTF8.GetString(command.Argument));
    }

    [Fact]
    public void Refusal_everyVerbInEveryPhase_isDecided()
    {
        foreach (var verb in Enum.GetValues<Verb>())
        {
            foreach (var phase in Enum.GetValues<SessionPhase>())
                Assert.True(CommandTable.Refusal(verb, phase) is null or { Code: 503 }, $"{verb} {phase}");
        }
    }

    [Fact]
    public void Mail_allParameters_areRead()
    {
        Assert.Null(MailCommand.Read("FROM:<a@b.example> SIZE=1000 BODY=8BITMIME SMTPUTF8 AUTH=e+3Dmc2@example.com"u8, out var mail));
        Assert.Equal("a@b.example", mail.Sender!.Text);
        Assert.Equal(1000, mail.Size);
        Assert.Equal(BodyType.EightBitMime, mail.Body);
        Assert.True(mail.SmtpUtf8);
    }

    [Theory]
    [InlineData("FROM:<a@b> SIZE=18446744073709551615", long.MaxValue)]
    [InlineData("FROM:<a@b> SIZE=0", 0)]
    public void Mail_size_anyTwentyDigits(string argument, long expected)
    {
        Assert.Null(MailCommand.Read(Encoding.UTF8.GetBytes(argument), out var mail));
        Assert.Equal(expected, mail.Size);
    }

    [Fact]
    public void Rcpt_sourceRoute_isLeftOut()
    {
        Assert.Null(RcptCommand.Read("TO:<@a.example,@[IPv6:2001:db8::1]:\"x>y\"@b.example>"u8, false, out var recipient));
        Assert.Equal("\"x>y\"@b.example", recipient.Text);
    }

    [Fact]
    public void Rcpt_anyBytes_getAFaultOrAnAddressAndNeverAnException()
    {
        var random = new Random(20261124);
        var alphabet = "TO:<>@\"\\[]., =aA1\0\r\n\u00e9"u8.ToArray();
        for (var i = 0; i < 200_000; i++)
        {
            var bytes = new byte[random.Next(40)];
            for (var j = 0; j < bytes.Length; j++)
                bytes[j] = alphabet[random.Next(alphabet.Length)];
            if (random.Next(2) == 0 && bytes.Length > 4)
                "TO:<"u8.CopyTo(bytes);

            var fault = RcptCommand.Read(bytes, smtpUtf8: true, out var recipient);
            Assert.True(fault is { Code: 501 or 555 } || recipient.Address is not null);
            Assert.True(MailCommand.Read(bytes, out var mail) is not null || mail.Sender is null or { Text.Length: > 0 });
        }
    }

    [Fact]
    public void Mail_requestsForTheDelivery_areTyped()
    {
        Assert.Null(MailCommand.Read(
            "FROM:<> RET=hdrs ENVID=QQ+2B1 BY=-120;nT HOLDUNTIL=2026-11-25T08:00:00+01:00 MT-PRIORITY=-9 REQUIRETLS BODY=BINARYMIME"u8, out var mail));
        Assert.Equal(ReturnContent.Headers, mail.Return);
        Assert.Equal("QQ+2B1", mail.EnvelopeId);
        Assert.Equal(new DeliverByParameter(TimeSpan.FromMinutes(-2), DeliverByMode.Notify, true), mail.DeliverBy);
        Assert.Equal(new DateTimeOffset(2026, 11, 25, 7, 0, 0, TimeSpan.Zero), mail.HoldUntil);
        Assert.Equal(-9, mail.Priority);
        Assert.True(mail.RequireTls);
        Assert.Equal(BodyType.BinaryMime, mail.Body);
    }

    [Theory]
    [InlineData("RET=ALL")]
    [InlineData("RET")]
    [InlineData("ENVID=a+2")]
    [InlineData("ENVID=a+2b")]
    [InlineData("BY=120")]
    [InlineData("BY=0;R")]
    [InlineData("BY=-5;R")]
    [InlineData("BY=1234567890;N")]
    [InlineData("BY=5;X")]
    [InlineData("BY=5;NTT")]
    [InlineData("BY=;N")]
    [InlineData("HOLDFOR=0")]
    [InlineData("HOLDFOR=-1")]
    [InlineData("HOLDFOR=1234567890")]
    [InlineData("HOLDFOR=60 HOLDUNTIL=2026-11-25T08:00:00Z")]
    [InlineData("HOLDUNTIL=2026-11-25")]
    [InlineData("HOLDUNTIL=2026-11-25T25:00:00Z")]
    [InlineData("HOLDUNTIL=2026-11-25T08:00:00")]
    [InlineData("HOLDUNTIL=2026-11-25T08:00:00.5")]
    [InlineData("HOLDUNTIL=0001-01-01T00:00:00+01:00")]
    [InlineData("HOLDUNTIL=9999-12-31T23:59:59-01:00")]
    [InlineData("MT-PRIORITY=10")]
    [InlineData("MT-PRIORITY=+1")]
    [InlineData("MT-PRIORITY=")]
    [InlineData("REQUIRETLS=YES")]
    [InlineData("BODY=BINARY")]
    [InlineData("RET=FULL RET=FULL")]
    public void Mail_parameterThatIsNone_isRefusedWith501(string parameters)
    {
        Assert.Equal(501, MailCommand.Read(Encoding.UTF8.GetBytes("FROM:<a@b.example> " + parameters), out _)!.Code);
    }

    [Fact]
    public void Mail_envelopeId_hasAHundredOctetsAtMost()
    {
        Assert.Null(MailCommand.Read(Encoding.UTF8.GetBytes("FROM:<> ENVID=" + new string('x', 100)), out _));
        Assert.Equal(501, MailCommand.Read(Encoding.UTF8.GetBytes("FROM:<> ENVID=" + new string('x', 101)), out _)!.Code);
    }

    [Fact]
    public void Rcpt_notifyAndOriginal_areTyped()
    {
        Assert.Null(RcptCommand.Read("TO:<b@b.example> NOTIFY=success,Failure ORCPT=rfc822;Bob+40x@a.example"u8, false, out var recipient));
        Assert.Equal(NotifyOn.Success | NotifyOn.Failure, recipient.Notify);
        Assert.Equal(("rfc822", "Bob@x@a.example", "rfc822;Bob+40x@a.example"), (recipient.Original!.AddressType, recipient.Original.Address, recipient.Original.ToString()));
    }

    [Theory]
    [InlineData("utf-8;b\\x{F6}b@b.example", "böb@b.example", false)]
    [InlineData("UTF-8;b\\x{2B}c@b.example", "b+c@b.example", false)]
    [InlineData("utf-8;böb@b.example", "böb@b.example", true)]
    [InlineData("utf-8;b+c@b.example", "b+c@b.example", false)]
    public void Rcpt_originalOfTypeUtf8_isTakenInEachForm(string parameter, string address, bool needsSmtpUtf8)
    {
        var argument = Encoding.UTF8.GetBytes("TO:<b@b.example> ORCPT=" + parameter);
        Assert.Null(RcptCommand.Read(argument, true, out var recipient));
        Assert.Equal((address, parameter), (recipient.Original!.Address, recipient.Original.ToString()));
        Assert.Equal(needsSmtpUtf8 ? ReplyCatalogue.Utf8Needed : null, RcptCommand.Read(argument, false, out _));
    }

    [Theory]
    [InlineData("ORCPT=utf-8;b\u00ff@b.example")]
    [InlineData("ORCPT=rfc822;böb@b.example")]
    [InlineData("ORCPT=utf-8;")]
    public void Rcpt_originalThatIsNone_isRefusedUnderSmtpUtf8Too(string parameters)
    {
        // Latin-1: the first is no UTF-8 then.
        Assert.Equal(501, RcptCommand.Read(Encoding.Latin1.GetBytes("TO:<b@b.example> " + parameters), true, out _)!.Code);
    }

    [Fact]
    public void OriginalRecipient_forServersWithoutSmtpUtf8_isEscapedWhereItFits()
    {
        Assert.Equal("utf-8;b\\x{F6}\\x{1F600}b@b.example", new OriginalRecipient("utf-8", "bö\U0001F600b@b.example").ToAscii()!.ToString());
        Assert.Equal("utf-8;b\\x{2B}b@b.example", new OriginalRecipient("utf-8", "b\\x{2B}b@b.example").ToAscii()!.ToString());
        Assert.Null(new OriginalRecipient("utf-8", new string('ö', 90)).ToAscii());
    }

    [Theory]
    [InlineData("a\\x{}b", "a\\x{}b")]
    [InlineData("a\\x{D800}b", "a\\x{D800}b")]
    [InlineData("a\\x{0A}b", "a\\x{0A}b")]
    [InlineData("a\\x{0000E9}b", "aéb")]
    [InlineData("\\x{E9", "\\x{E9")]
    [InlineData("\\", "\\")]
    public void Unitext_thatIsNoEscape_stays(string text, string decoded) => Assert.Equal(decoded, Unitext.Decode(text));

    [Fact]
    public void Unitext_ofAMailbox_isAsciiAndComesBack()
    {
        const string Mailbox = "\"a\\ b\"+ö=\U0001F600@b.example";
        Assert.Equal("\"a\\x{5C}\\x{20}b\"\\x{2B}\\x{F6}\\x{3D}\\x{1F600}@b.example", Unitext.Encode(Mailbox));
        Assert.Equal(Mailbox, Unitext.Decode(Unitext.Encode(Mailbox)));
    }

    [Theory]
    [InlineData("NOTIFY=")]
    [InlineData("NOTIFY")]
    [InlineData("NOTIFY=NEVER,SUCCESS")]
    [InlineData("NOTIFY=SUCCESS,SUCCESS")]
    [InlineData("NOTIFY=SUCCESS,")]
    [InlineData("NOTIFY=ALWAYS")]
    [InlineData("ORCPT=b@b.example")]
    [InlineData("ORCPT=;b@b.example")]
    [InlineData("ORCPT=rfc822;")]
    [InlineData("ORCPT=rf(c822;b@b.example")]
    [InlineData("ORCPT=rfc822;b+zz")]
    public void Rcpt_parameterThatIsNone_isRefusedWith501(string parameters)
    {
        Assert.Equal(501, RcptCommand.Read(Encoding.UTF8.GetBytes("TO:<b@b.example> " + parameters), false, out _)!.Code);
    }

    [Theory]
    [InlineData("0 LAST", 0, true)]
    [InlineData("86", 86, false)]
    [InlineData("999999999999999999 last", 999999999999999999, true)]
    public void Bdat_size_isRead(string argument, long size, bool last)
    {
        Assert.Null(BdatCommand.Read(Encoding.UTF8.GetBytes(argument), out var command));
        Assert.Equal(new BdatCommand(size, last), command);
    }

    [Theory]
    [InlineData("")]
    [InlineData("LAST")]
    [InlineData("-1")]
    [InlineData("5 LAST LAST")]
    [InlineData("5 FIRST")]
    [InlineData("0x5")]
    [InlineData("1000000000000000000")]
    public void Bdat_thatIsNone_isRefusedWith501(string argument)
    {
        Assert.Equal(501, BdatCommand.Read(Encoding.UTF8.GetBytes(argument), out _)!.Code);
    }
}
