using System.Text;
using Microsoft.Extensions.Time.Testing;
using MimeKit;
using Pillarbox.Peers;
using Pillarbox.Protocol.Commands;
using Pillarbox.Protocol.Grammar;
using Pillarbox.Queue;

namespace Pillarbox.Delivery.Tests.Scheduling;

/// <summary>Of what senders hear, by what they asked to hear of (RFC 3461 §4.1 and §5.2).</summary>
public sealed class NotifyTests : IDisposable
{
    private const string Content = "Subject: hello\r\n\r\nworld\r\n";

    private readonly TempDirectory _mail = new("notify");
    private readonly FakeTimeProvider _time = new(Rig.Start);

    static NotifyTests() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    public void Dispose() => _mail.Dispose();

    [Theory]
    [InlineData(NotifyOn.Unsaid, false)]
    [InlineData(NotifyOn.Never, false)]
    [InlineData(NotifyOn.Failure | NotifyOn.Delay, false)]
    [InlineData(NotifyOn.Success, true)]
    [InlineData(NotifyOn.Success | NotifyOn.Failure, true)]
    public async Task Delivery_into_a_maildir_is_reported_where_it_was_asked_for(NotifyOn notify, bool reported)
    {
        await using var rig = await StartAsync();

        await SubmitAsync(rig, "ann@source.test", [new(Mailbox.Parse("bob@local.test"), notify, new("rfc822", "Bob+2Bx@first.test"))], Content, new() { EnvelopeId = "QQ+2B1" });
        await rig.UntilEmptyAsync();

        Assert.Single(Mail("local.test", "bob"));
        var reports = Mail("source.test", "ann");
        Assert.Equal(reported ? 1 : 0, reports.Count);
        if (!reported)
            return;
        var report = Read(reports[0]);
        Assert.Equal("Delivered: your message has reached the mailbox", report.Subject);
        Assert.Contains("<bob@local.test>", ((TextPart)Parts(report)[0]).Text, StringComparison.Ordinal);
        var groups = Groups(report);
        Assert.Equal("QQ+1", groups[0]["Original-Envelope-Id"]);
        Assert.Equal("rfc822; Bob+x@first.test", groups[1]["Original-Recipient"]);
        Assert.Equal("rfc822; bob@local.test", groups[1]["Final-Recipient"]);
        Assert.Equal(("delivered", "2.0.0", null, null), (groups[1]["Action"], groups[1]["Status"], groups[1]["Remote-MTA"], groups[1]["Diagnostic-Code"]));
        Assert.Equal("text/rfc822-headers", Parts(report)[2].ContentType.MimeType);
    }

    [Theory]
    [InlineData("DSN", NotifyOn.Success, false)]
    [InlineData("HELP", NotifyOn.Success, true)]
    [InlineData("HELP", NotifyOn.Unsaid, false)]
    [InlineData("HELP", NotifyOn.Never, false)]
    [InlineData("HELP", NotifyOn.Failure, false)]
    public async Task Relay_is_reported_where_the_next_server_reports_nothing(string capability, NotifyOn notify, bool reported)
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync(capability);
            await peer.TakeAsync();
            await peer.UntilClosedAsync();
        });
        await using var rig = await StartAsync(server.Port);

        await SubmitAsync(rig, "ann@source.test", [new(Mailbox.Parse("bob@sink.test"), notify)], Content, new() { Return = ReturnContent.Full });
        await rig.UntilEmptyAsync();

        var reports = Mail("source.test", "ann");
        Assert.Equal(reported ? 1 : 0, reports.Count);
        if (!reported)
            return;
        var report = Read(reports[0]);
        Assert.Equal("Passed on: your message goes on without a confirmation", report.Subject);
        Assert.Contains("127.0.0.1 said: 250 2.0.0 taken", ((TextPart)Parts(report)[0]).Text, StringComparison.Ordinal);
        var group = Groups(report)[1];
        Assert.Equal(("relayed", "2.0.0", "dns; 127.0.0.1", "smtp; 250 2.0.0 taken"), (group["Action"], group["Status"], group["Remote-MTA"], group["Diagnostic-Code"]));
        Assert.Null(Groups(report)[0]["Original-Envelope-Id"]);
        Assert.Null(group["Original-Recipient"]);
        Assert.Equal("text/rfc822-headers", Parts(report)[2].ContentType.MimeType);
    }

    [Theory]
    [InlineData(NotifyOn.Unsaid, true)]
    [InlineData(NotifyOn.Failure, true)]
    [InlineData(NotifyOn.Never, false)]
    [InlineData(NotifyOn.Success | NotifyOn.Delay, false)]
    public async Task Failure_is_reported_unless_the_sender_asked_for_other_things_alone(NotifyOn notify, bool reported)
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync("DSN");
            await peer.AnswerAsync("MAIL FROM:<ann@source.test>", "250 ok");
            await peer.AnswerAsync("RCPT TO:<bob@sink.test>", "550 5.1.1 nobody");
            await peer.UntilClosedAsync();
        });
        await using var rig = await StartAsync(server.Port);

        await SubmitAsync(rig, "ann@source.test", [new(Mailbox.Parse("bob@sink.test"), notify)], Content);
        await rig.UntilEmptyAsync();

        Assert.Equal(reported ? ["failed"] : [], Mail("source.test", "ann").Select(each => Groups(Read(each))[1]["Action"]));
        Assert.Contains(rig.Log.Lines, line => line.Contains(reported ? "then=bounce" : "then=drop", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(NotifyOn.Unsaid, true)]
    [InlineData(NotifyOn.Delay, true)]
    [InlineData(NotifyOn.Never, false)]
    [InlineData(NotifyOn.Success | NotifyOn.Failure, false)]
    public async Task Delay_is_reported_unless_the_sender_asked_for_other_things_alone(NotifyOn notify, bool reported)
    {
        await using var server = new ScriptedServer(peer => peer.SayAsync("421 4.3.2 not yet"));
        await using var rig = await StartAsync(server.Port);

        var id = await SubmitAsync(rig, "ann@source.test", [new(Mailbox.Parse("bob@sink.test"), notify)], Content);
        await rig.UntilTriedAsync(id, 1);
        _time.GoOn(TimeSpan.FromMinutes(30));
        RecipientStatus? status = null;
        await Until.TrueAsync(async () =>
        {
            // What came into the index after the leap is found at the next turn of the clock.
            _time.GoOn(TimeSpan.FromMilliseconds(30));
            status = (await rig.Store.ReadAsync(id, Rig.Patience))!.Recipients[0];
            return status!.Attempts == 2;
        });

        Assert.Equal(reported, status!.Warned);
        if (reported)
            await Until.TrueAsync(() => Mail("source.test", "ann").Count == 1);
        Assert.Equal(reported ? ["delayed"] : [], Mail("source.test", "ann").Select(each => Groups(Read(each))[1]["Action"]));
    }

    [Fact]
    public async Task Null_sender_hears_nothing()
    {
        await using var rig = await StartAsync();

        await SubmitAsync(rig, null, [new(Mailbox.Parse("bob@local.test"), NotifyOn.Success)], Content);
        await rig.UntilEmptyAsync();

        Assert.Single(Mail("local.test", "bob"));
        Assert.Equal(["local.test"], Directory.GetDirectories(_mail.Path).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Captured_and_discarded_mail_is_no_delivery(bool captured)
    {
        var options = Rig.To("discard") with { Domains = Rig.To("mx").Domains.Add("source.test", Rig.Target($"maildir:{_mail.Path}/{{domain}}/{{local}}")) };
        var taken = 0;
        await using var rig = new Rig(options, _time, capture: (_, _, _) =>
        {
            taken++;
            return Task.CompletedTask;
        });
        await rig.StartAsync();

        await rig.SubmitAsync("ann@source.test", "bob@sink.test", Content, captured, envelope => envelope with { Recipients = [new(Mailbox.Parse("bob@sink.test"), NotifyOn.Success)] });
        await rig.UntilEmptyAsync();

        Assert.Equal(captured ? 1 : 0, taken);
        Assert.Empty(Mail("source.test", "ann"));
    }

    [Fact]
    public async Task One_report_tells_failures_first_and_then_what_went_well()
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync();
            await peer.AnswerAsync("MAIL FROM:<ann@source.test>", "250 ok");
            await peer.AnswerAsync("RCPT TO:<bob@sink.test>", "250 2.1.5 ok");
            await peer.AnswerAsync("RCPT TO:<eve@sink.test>", "550 5.1.1 no eve here");
            await peer.AnswerAsync("RCPT TO:<joe@sink.test>", "550 5.1.1 no joe here");
            await peer.AnswerAsync("DATA", "354 go on");
            await peer.MessageAsync();
            await peer.SayAsync("250 2.0.0 taken");
            await peer.UntilClosedAsync();
        });
        await using var rig = await StartAsync(server.Port);

        await SubmitAsync(
            rig,
            "ann@source.test",
            [
                new(Mailbox.Parse("bob@sink.test"), NotifyOn.Success),
                new(Mailbox.Parse("eve@sink.test"), NotifyOn.Failure),
                new(Mailbox.Parse("joe@sink.test"), NotifyOn.Never),
            ],
            Content);
        await rig.UntilEmptyAsync();

        var report = Read(Assert.Single(Mail("source.test", "ann")));
        Assert.Equal("Undelivered: your message came back", report.Subject);
        var groups = Groups(report).Skip(1).Select(group => (group["Final-Recipient"], group["Action"], group["Status"]));
        Assert.Equal([("rfc822; eve@sink.test", "failed", "5.1.1"), ("rfc822; bob@sink.test", "relayed", "2.0.0")], groups);
        var text = ((TextPart)Parts(report)[0]).Text;
        Assert.True(text.IndexOf("could not be delivered", StringComparison.Ordinal) < text.IndexOf("<eve@", StringComparison.Ordinal));
        Assert.True(text.IndexOf("<eve@", StringComparison.Ordinal) < text.IndexOf("has been passed on", StringComparison.Ordinal));
        Assert.True(text.IndexOf("has been passed on", StringComparison.Ordinal) < text.IndexOf("<bob@", StringComparison.Ordinal));
        Assert.DoesNotContain("joe", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delay_found_with_a_failure_is_told_with_it()
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync();
            await peer.AnswerAsync("MAIL FROM:<ann@source.test>", "250 ok");
            await peer.AnswerAsync("RCPT TO:<bob@sink.test>", "451 4.2.1 bob is busy");
            await peer.AnswerAsync("RCPT TO:<eve@sink.test>", "550 5.1.1 no eve here");
            await peer.UntilClosedAsync();
        });
        await using var rig = await StartAsync(server.Port);

        var id = await rig.SubmitAsync("ann@source.test", "bob@sink.test,eve@sink.test", Content, change: envelope => envelope with { Accepted = Rig.Start.AddHours(-1) });
        await Until.TrueAsync(() => Mail("source.test", "ann").Count == 1);

        var groups = Groups(Read(Assert.Single(Mail("source.test", "ann")))).Skip(1).Select(group => (group["Final-Recipient"], group["Action"]));
        Assert.Equal([("rfc822; eve@sink.test", "failed"), ("rfc822; bob@sink.test", "delayed")], groups);
        Assert.True((await rig.Store.ReadAsync(id, Rig.Patience))!.Recipients[0]!.Warned);
    }

    [Fact]
    public async Task Report_asks_for_no_report()
    {
        var rcpt = "";
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync("DSN");
            await peer.AnswerAsync("MAIL FROM:<ann@away.test> RET=FULL ENVID=x", "250 ok");
            await peer.AnswerAsync("RCPT TO:<bob@sink.test>", "550 5.1.1 nobody");
            await peer.AnswerAsync("RSET", "250 ok");
            await peer.AnswerAsync("MAIL FROM:<>", "250 ok");
            rcpt = await peer.HearAsync();
            await peer.SayAsync("250 ok");
            await peer.AnswerAsync("DATA", "354 go on");
            await peer.MessageAsync();
            await peer.SayAsync("250 ok");
            await peer.UntilClosedAsync();
        });
        await using var rig = await StartAsync(server.Port);

        await SubmitAsync(rig, "ann@away.test", [Mailbox.Parse("bob@sink.test")], Content, new() { Return = ReturnContent.Full, EnvelopeId = "x" });
        await rig.UntilEmptyAsync();

        Assert.Equal("RCPT TO:<ann@away.test> NOTIFY=NEVER", rcpt);
    }

    private async Task<Rig> StartAsync(int port = 1)
    {
        var options = Rig.To($"smtp://127.0.0.1:{port}") with
        {
            Domains = Rig.To("mx").Domains
                .Add("source.test", Rig.Target($"maildir:{_mail.Path}/{{domain}}/{{local}}"))
                .Add("local.test", Rig.Target($"maildir:{_mail.Path}/{{domain}}/{{local}}")),
            Retry = [TimeSpan.FromMinutes(25)],
            Expire = TimeSpan.FromHours(5),
            Warn = TimeSpan.FromMinutes(20),
            ConnectionsPerDestination = 1,
        };
        var rig = new Rig(options, _time);
        await rig.StartAsync();
        return rig;
    }

    private static Task<QueueId> SubmitAsync(Rig rig, string? from, Recipient[] to, string content, SenderRequests? requests = null) =>
        rig.SubmitAsync(from, "replaced@sink.test", content, change: envelope => envelope with { Recipients = [.. to], Requests = requests ?? SenderRequests.None });

    private List<string> Mail(string domain, string local)
    {
        var directory = Path.Combine(_mail.Path, domain, local, "new");
        return Directory.Exists(directory) ? [.. Directory.GetFiles(directory)] : [];
    }

    private static MimeMessage Read(string path) => MimeMessage.Load(path);

    private static MultipartReport Parts(MimeMessage message) => Assert.IsType<MultipartReport>(message.Body);

    private static HeaderListCollection Groups(MimeMessage message) => Assert.IsType<MessageDeliveryStatus>(Parts(message)[1]).StatusGroups;
}
