using System.Text;
using Pillarbox.Protocol.Commands;

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
        Assert.True(mail.EightBitMime);
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
        Assert.Equal("\"x>y\"@b.example", recipient!.Text);
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
            Assert.True(fault is { Code: 501 or 555 } || recipient is not null);
            Assert.True(MailCommand.Read(bytes, out var mail) is not null || mail.Sender is null or { Text.Length: > 0 });
        }
    }
}
