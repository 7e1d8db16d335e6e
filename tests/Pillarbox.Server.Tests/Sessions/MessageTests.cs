using System.Text;
using Pillarbox.Queue;

namespace Pillarbox.Server.Tests.Sessions;

/// <summary>What becomes of a message that was accepted.</summary>
public sealed class MessageTests
{
    [Fact]
    public async Task Message_toOneRecipient_getsAReceivedLineThatNamesIt()
    {
        var prologue = await PrologueAsync("EHLO client.example", "MAIL FROM:<>", ["a@example.com"], "x\r\n");
        Assert.StartsWith("Received: from client.example ([127.0.0.1])\r\n\tby mx.example.org (Pillarbox) with ESMTP id ", prologue, StringComparison.Ordinal);
        Assert.Contains("\r\n\tfor <a@example.com>;\r\n\t", prologue, StringComparison.Ordinal);
        Assert.EndsWith(" +0000\r\n", prologue, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Message_toTwoRecipients_betraysNeither()
    {
        var prologue = await PrologueAsync("HELO client.example", "MAIL FROM:<>", ["a@example.com", "b@example.com"], "x\r\n");
        Assert.DoesNotContain("example.com", prologue, StringComparison.Ordinal);
        Assert.Contains(" with SMTP id ", prologue, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Message_withSmtpUtf8_saysSo() =>
        Assert.Contains(" with UTF8SMTP id ", await PrologueAsync("EHLO client.example", "MAIL FROM:<> SMTPUTF8", ["a@example.com"], "x\r\n"), StringComparison.Ordinal);

    // RFC 6710 §4.1: so that whoever reads the way of a message sees what hurried it.
    [Fact]
    public async Task Message_ofAPriority_hasItInReceived()
    {
        Assert.Contains("\r\n\tPRIORITY -3;", await PrologueAsync("EHLO client.example", "MAIL FROM:<> MT-PRIORITY=-3", ["a@example.com"], "x\r\n"), StringComparison.Ordinal);
        Assert.DoesNotContain("PRIORITY", await PrologueAsync("EHLO client.example", "MAIL FROM:<> MT-PRIORITY=0", ["a@example.com"], "x\r\n"), StringComparison.Ordinal);
    }

    // Its first line would otherwise become a part of our Received line.
    [Fact]
    public async Task Message_beginningWithASpace_isPartedFromTheReceivedLine() =>
        Assert.EndsWith("\r\n\r\n", await PrologueAsync("HELO client.example", "MAIL FROM:<>", ["a@example.com"], " x\r\n"), StringComparison.Ordinal);

    [Theory]
    [InlineData(100, "250 2.0.0 ")]
    [InlineData(101, "554 5.4.6 ")]
    public async Task Message_receivedManyTimes_isALoopPastAHundred(int received, string expected)
    {
        await using var server = await TestServer.StartAsync(("domain", "example.com"));
        await using var client = await TestClient.ConnectAsync(server.Address);
        await StartAsync(client, "HELO client.example", "MAIL FROM:<>", ["a@example.com"]);
        var header = string.Concat(Enumerable.Repeat("Received: from a by b\r\n\tfor <c>; today\r\n", received));
        Assert.StartsWith(expected, await client.SayAsync(header + "\r\nx\r\n."), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Message_larger_thanMemoryAllows_isKeptWhole()
    {
        await using var server = await TestServer.StartAsync(("domain", "example.com"));
        await using var client = await TestClient.ConnectAsync(server.Address);
        await StartAsync(client, "HELO client.example", "MAIL FROM:<>", ["a@example.com"]);
        var line = new string('x', 998) + "\r\n";
        var body = string.Concat(Enumerable.Repeat(line, 2000));
        Assert.StartsWith("250 2.0.0 ", await client.SayAsync(body + "."), StringComparison.Ordinal);
        Assert.Equal(body, Encoding.Latin1.GetString(await server.NewestBodyAsync()));
    }

    [Fact]
    public async Task Message_withALineOfMegabytes_isRefusedAtItsEnd()
    {
        await using var server = await TestServer.StartAsync(("domain", "example.com"));
        var said = await PipedSession.SayAsync(server,
            ["HELO client.example\r\nMAIL FROM:<>\r\nRCPT TO:<a@example.com>\r\nDATA\r\n", .. Enumerable.Repeat(new string('x', 1 << 20), 20), "\r\n.\r\nNOOP\r\nQUIT\r\n"]);
        Assert.Equal(["554 5.6.0 A line of the message is too long", "250 2.0.0 OK", "221 2.0.0 Goodbye"], said[^3..]);
    }

    [Theory]
    [InlineData("Subject: x\r\n\r\nplain\r\n", MessageTraits.None)]
    [InlineData("Subject: x\r\n\r\n\u00e9\r\n", MessageTraits.EightBitBody)]
    [InlineData("Subject: \u00e9\r\n\r\nplain\r\n", MessageTraits.EightBitHeaders)]
    public async Task Message_withOctetsAbove127_isMarked(string body, MessageTraits expected)
    {
        await using var server = await TestServer.StartAsync(("domain", "example.com"));
        await using var client = await TestClient.ConnectAsync(server.Address);
        await StartAsync(client, "HELO client.example", "MAIL FROM:<>", ["a@example.com"]);
        await client.SayAsync(body + ".");
        Assert.Equal(expected, Assert.Single(await server.QueueAsync()).Envelope.Traits);
    }

    private static async Task<string> PrologueAsync(string hello, string mail, string[] recipients, string body)
    {
        await using var server = await TestServer.StartAsync(("domain", "example.com"));
        await using var client = await TestClient.ConnectAsync(server.Address);
        await StartAsync(client, hello, mail, recipients);
        Assert.StartsWith("250 2.0.0 ", await client.SayAsync(body + "."), StringComparison.Ordinal);
        return Encoding.UTF8.GetString(Assert.Single(await server.QueueAsync()).Envelope.Prologue.Span);
    }

    private static async Task StartAsync(TestClient client, string hello, string mail, string[] recipients)
    {
        await client.SayAsync(hello);
        Assert.StartsWith("250 ", await client.SayAsync(mail), StringComparison.Ordinal);
        foreach (var recipient in recipients)
            Assert.StartsWith("250 ", await client.SayAsync($"RCPT TO:<{recipient}>"), StringComparison.Ordinal);
        Assert.StartsWith("354 ", await client.SayAsync("DATA"), StringComparison.Ordinal);
    }
}
