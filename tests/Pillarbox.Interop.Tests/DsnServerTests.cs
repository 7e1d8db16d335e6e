using System.Text;

using MimeKit;

using Pillarbox.Interop.Tests.Out;
using Pillarbox.Peers;

namespace Pillarbox.Interop.Tests;

/// <summary>What senders ask of reports (RFC 3461), through Pillarbox and servers beside Postfix in either order, and by clients that know it.</summary>
public sealed class DsnServerTests
{
    private const string Mail = "RET=HDRS ENVID=QQ+2B314159";
    private const string Original = "ORCPT=rfc822;Bob+2Bx@First.test";

    [Theory]
    [InlineData("Exim")]
    [InlineData("OpenSMTPD")]
    public async Task Server_reports_the_delivery_of_what_came_through_pillarbox(string name)
    {
        await using var peer = await Servers.Receiving[name](new PeerSettings());
        await using var relay = await RelayServer.StartAsync($"smtp://127.0.0.1:{peer.Port}");

        await SubmitAsync(relay.Port, "ann@away.test", Mail, $"<bob@destination.test> NOTIFY=SUCCESS {Original}");

        // It keeps mail for everybody, and so for the sender too.
        StoredMessage? report = null;
        await Readiness.UntilAsync(
            () => (report = peer.Messages().FirstOrDefault(message => message.Header("Subject")?.StartsWith("interop-", StringComparison.Ordinal) == false)) is not null, $"the report of {name}", TimeSpan.FromMinutes(2));
        Assert.Contains("ann@away.test", report!.Trace, StringComparison.Ordinal);
        Assert.Contains("bob@destination.test", Encoding.Latin1.GetString(report.AsSent), StringComparison.Ordinal);
        Assert.Equal(2, (await peer.WaitForMessagesAsync(2)).Count);
    }

    [Theory]
    [InlineData("Exim")]
    [InlineData("OpenSMTPD")]
    public async Task Pillarbox_reports_the_delivery_of_what_came_through_a_server(string name)
    {
        await using var relay = await RelayServer.StartAsync("discard");
        await using var peer = await Servers.Sending[name](new PeerSettings { Relay = new PeerRelay(relay.Port) });

        await SubmitAsync(peer.Port, "ann@source.test", Mail, $"<bob@source.test> NOTIFY=SUCCESS,FAILURE {Original}");

        AssertReport(await relay.WaitForLocalAsync("ann"));
    }

    [Fact]
    public async Task Nodemailer_gets_the_report_that_it_asks_for()
    {
        await using var relay = await RelayServer.StartAsync("discard");

        var session = await Clients.NodemailerClient.SendWithDsnAsync(
            relay.Port, TestMessages.Create("plain text", TestMessages.NewSubject()), "ann@source.test", "bob@source.test", "QQ+314159", "rfc822;Bob+x@First.test");

        Assert.True(session.Succeeded, session.Transcript);
        AssertReport(await relay.WaitForLocalAsync("ann"));
    }

    private static void AssertReport(StoredMessage stored)
    {
        using var content = new MemoryStream(stored.Content);
        var report = Assert.IsType<MultipartReport>(MimeMessage.Load(content).Body);
        var groups = Assert.IsType<MessageDeliveryStatus>(report[1]).StatusGroups;
        Assert.Equal("QQ+314159", groups[0]["Original-Envelope-Id"]);
        Assert.Equal("dns; relay.test", groups[0]["Reporting-MTA"]);
        Assert.Equal(("delivered", "2.0.0"), (groups[1]["Action"], groups[1]["Status"]));
        Assert.Equal("rfc822;Bob+x@First.test", groups[1]["Original-Recipient"]!.Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal("text/rfc822-headers", report[2].ContentType.MimeType);
    }

    private static async Task SubmitAsync(int port, string from, string mail, string rcpt)
    {
        await using var conversation = await SmtpConversation.ConnectAsync(port);
        Assert.Contains("DSN", (await conversation.ExpectAsync("EHLO client.test", "250")).Split('\n').Select(line => line[4..]));
        await conversation.ExpectAsync($"MAIL FROM:<{from}> {mail}", "250");
        await conversation.ExpectAsync($"RCPT TO:{rcpt}", "250");
        await conversation.ExpectAsync("DATA", "354");
        await conversation.SendAsync(SmtpConversation.Stuff(TestMessages.Create("leading dots", TestMessages.NewSubject())));
        Assert.StartsWith("250 ", await conversation.ReadReplyAsync(), StringComparison.Ordinal);
    }
}
