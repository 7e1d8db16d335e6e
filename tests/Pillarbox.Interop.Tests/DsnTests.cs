using MimeKit;
using Pillarbox.Interop.Tests.Out;
using Pillarbox.Peers;

namespace Pillarbox.Interop.Tests;

/// <summary>What senders ask of reports (RFC 3461), through Pillarbox and Postfix in either order: each hears the other and acts on it.</summary>
public sealed class DsnTests
{
    private const string Mail = "RET=HDRS ENVID=QQ+2B314159";
    private const string Original = "ORCPT=rfc822;Bob+2Bx@First.test";

    // It takes the message and finds out later.
    private static readonly string[] Undeliverable =
        ["transport_maps = inline:{ { nobody@destination.test = error:5.1.1 no such user } }", "smtpd_reject_unlisted_recipient = no"];

    [Fact]
    public async Task Postfix_reports_the_delivery_of_what_came_through_pillarbox()
    {
        await using var postfix = await PostfixServer.StartAsync();
        await using var relay = await RelayServer.StartAsync($"smtp://127.0.0.1:{postfix.Port}");

        await SubmitAsync(relay.Port, "ann@away.test", Mail, $"<bob@destination.test> NOTIFY=SUCCESS,DELAY {Original}");

        // Postfix keeps mail for everybody, and so for the sender too.
        var report = await WaitForReportAsync(postfix);
        AssertReport(report, "delivered", "2.0.0");
        Assert.Equal("dns; postfix.test", Groups(report)[0]["Reporting-MTA"]);
        Assert.Equal(2, (await postfix.WaitForMessagesAsync(2)).Count);
    }

    [Theory]
    [InlineData("RET=HDRS", "NOTIFY=FAILURE", "text/rfc822-headers")]
    [InlineData("RET=FULL", "NOTIFY=FAILURE,DELAY", "message/rfc822")]
    public async Task Postfix_returns_of_a_failed_message_what_was_asked_of_pillarbox(string mail, string rcpt, string type)
    {
        await using var postfix = await PostfixServer.StartAsync(new PostfixSettings { Main = Undeliverable });
        await using var relay = await RelayServer.StartAsync($"smtp://127.0.0.1:{postfix.Port}");

        await SubmitAsync(relay.Port, "ann@away.test", mail, $"<nobody@destination.test> {rcpt}");

        var report = await WaitForReportAsync(postfix);
        Assert.Equal(("dns; postfix.test", "failed"), (Groups(report)[0]["Reporting-MTA"], Groups(report)[1]["Action"]));
        Assert.Equal(type, Parts(report)[2].ContentType.MimeType);
    }

    [Theory]
    [InlineData("NOTIFY=NEVER")]
    [InlineData("NOTIFY=SUCCESS")]
    public async Task Postfix_keeps_silent_where_it_was_asked_of_pillarbox(string rcpt)
    {
        await using var postfix = await PostfixServer.StartAsync(new PostfixSettings { Main = Undeliverable });
        await using var relay = await RelayServer.StartAsync($"smtp://127.0.0.1:{postfix.Port}");

        await SubmitAsync(relay.Port, "ann@away.test", "RET=FULL", $"<nobody@destination.test> {rcpt}");

        await Readiness.UntilAsync(() => postfix.Log.Contains("status=bounced", StringComparison.Ordinal), "the bounce in Postfix's log");
        await Readiness.UntilAsync(() => postfix.Log.Contains(": removed", StringComparison.Ordinal), "the end of the message in Postfix's log");
        Assert.DoesNotContain("sender non-delivery notification", postfix.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pillarbox_reports_a_relay_to_a_postfix_that_offers_no_dsn()
    {
        await using var postfix = await PostfixServer.StartAsync(new PostfixSettings { Main = ["smtpd_discard_ehlo_keywords = dsn"] });
        await using var relay = await RelayServer.StartAsync($"smtp://127.0.0.1:{postfix.Port}");

        await SubmitAsync(relay.Port, "ann@source.test", Mail, $"<bob@destination.test> NOTIFY=SUCCESS {Original}");

        var report = Read(await relay.WaitForLocalAsync("ann"));
        AssertReport(report, "relayed", "2.0.0");
        Assert.Equal("dns; relay.test", Groups(report)[0]["Reporting-MTA"]);
        Assert.StartsWith("smtp; 250 2.0.0 Ok: queued as ", Groups(report)[1]["Diagnostic-Code"], StringComparison.Ordinal);
        Assert.Single(await postfix.WaitForMessagesAsync(1));
    }

    [Fact]
    public async Task Pillarbox_reports_the_delivery_of_what_came_through_postfix()
    {
        await using var relay = await RelayServer.StartAsync("discard");
        await using var postfix = await PostfixServer.StartAsync(new PostfixSettings { RelayHost = $"[127.0.0.1]:{relay.Port}" });

        await SubmitAsync(postfix.Port, "ann@source.test", Mail, $"<bob@source.test> NOTIFY=SUCCESS,FAILURE {Original}");

        var report = Read(await relay.WaitForLocalAsync("ann"));
        AssertReport(report, "delivered", "2.0.0");
        Assert.Equal("dns; relay.test", Groups(report)[0]["Reporting-MTA"]);
        Assert.Equal("rfc822; bob@source.test", Groups(report)[1]["Final-Recipient"]);
        Assert.NotNull((await relay.WaitForLocalAsync("bob")).Header("Subject"));
    }

    private static void AssertReport(MimeMessage report, string action, string status)
    {
        Assert.Equal("QQ+314159", Groups(report)[0]["Original-Envelope-Id"]);
        var group = Groups(report)[1];
        Assert.Equal((action, status), (group["Action"], group["Status"]));
        Assert.Equal("rfc822;Bob+x@First.test", group["Original-Recipient"]!.Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal("text/rfc822-headers", Parts(report)[2].ContentType.MimeType);
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

    private static async Task<MimeMessage> WaitForReportAsync(PostfixServer postfix)
    {
        for (var count = 1; ; count++)
        {
            var messages = await postfix.WaitForMessagesAsync(count);
            if (messages.FirstOrDefault(message => message.Text.Contains("multipart/report", StringComparison.Ordinal)) is { } report)
                return Read(report);
        }
    }

    private static MimeMessage Read(StoredMessage message)
    {
        using var content = new MemoryStream(message.Content);
        return MimeMessage.Load(content);
    }

    private static MultipartReport Parts(MimeMessage message) => Assert.IsType<MultipartReport>(message.Body);

    private static HeaderListCollection Groups(MimeMessage message) => Assert.IsType<MessageDeliveryStatus>(Parts(message)[1]).StatusGroups;
}
