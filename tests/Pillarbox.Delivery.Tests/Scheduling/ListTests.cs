using System.Text;
using Microsoft.Extensions.Time.Testing;
using MimeKit;
using Pillarbox.Peers;
using Pillarbox.Protocol.Commands;
using Pillarbox.Protocol.Grammar;
using Pillarbox.Queue;
using Pillarbox.Queue.Lists;

namespace Pillarbox.Delivery.Tests.Scheduling;

/// <summary>Mail that came for a list or an alias, and reports on it (RFC 5321 §3.9, RFC 3461 §5.2.7).</summary>
public sealed class ListTests : IDisposable
{
    private const string Content = "Subject: hello\r\n\r\nworld\r\n";
    private static readonly Mailbox Boss = Mailbox.Parse("boss@local.test");

    private readonly TempDirectory _mail = new("lists");
    private readonly FakeTimeProvider _time = new(Rig.Start);

    static ListTests() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    public void Dispose() => _mail.Dispose();

    [Fact]
    public async Task Members_of_a_list_get_it_from_the_owner_and_others_from_the_sender()
    {
        var heard = new List<string>();
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync("DSN");
            for (var message = 0; message < 2; message++)
            {
                heard.Add(await peer.HearAsync() ?? "");
                await peer.SayAsync("250 ok");
                heard.Add(await peer.HearAsync() ?? "");
                await peer.SayAsync("250 ok");
                await peer.AnswerAsync("DATA", "354 go on");
                await peer.MessageAsync();
                await peer.SayAsync("250 taken");
            }

            await peer.UntilClosedAsync();
        });
        await using var rig = await StartAsync(server.Port);

        await SubmitAsync(rig, [Mailbox.Parse("bob@sink.test"), Member("eve@sink.test")], new() { EnvelopeId = "QQ" });
        await rig.UntilEmptyAsync();

        string[] sent = ["MAIL FROM:<ann@source.test> ENVID=QQ|RCPT TO:<bob@sink.test>", "MAIL FROM:<boss@local.test>|RCPT TO:<eve@sink.test>"];
        Assert.Equal(sent.Order(), heard.Chunk(2).Select(each => string.Join('|', each)).Order());
    }

    [Fact]
    public async Task Failure_of_a_member_is_reported_to_the_owner_alone()
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync();
            await peer.AnswerAsync("MAIL FROM:<boss@local.test>", "250 ok");
            await peer.AnswerAsync("RCPT TO:<eve@sink.test>", "550 5.1.1 nobody");
            await peer.UntilClosedAsync();
        });
        await using var rig = await StartAsync(server.Port);

        await SubmitAsync(rig, [Member("eve@sink.test"), Member("joe@local.test")], new() { EnvelopeId = "QQ" });
        await rig.UntilEmptyAsync();

        Assert.Empty(Mail("source.test", "ann"));
        var report = await MimeMessage.LoadAsync(Assert.Single(Mail("local.test", "boss")), Rig.Patience);
        Assert.Equal("<boss@local.test>", report.Headers["To"]);
        var groups = Groups(report);
        Assert.Null(groups[0]["Original-Envelope-Id"]);
        Assert.Equal(("rfc822; eve@sink.test", "failed"), (groups[1]["Final-Recipient"], groups[1]["Action"]));
        Assert.StartsWith("Return-Path: <boss@local.test>\n", await File.ReadAllTextAsync(Assert.Single(Mail("local.test", "joe")), Rig.Patience), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Expansion.Alias, "expanded", "Passed on: your message goes to all whom the address stands for")]
    [InlineData(Expansion.List, "delivered", "Delivered: your message has reached the mailbox")]
    public async Task Success_of_an_address_that_stands_for_others_is_told_at_once_and_nothing_is_sent_to_it(Expansion expansion, string action, string subject)
    {
        await using var rig = await StartAsync(port: 1);

        await SubmitAsync(rig, [new(Mailbox.Parse("team@local.test"), NotifyOn.Success) { Expansion = expansion }, Mailbox.Parse("joe@local.test")], new() { EnvelopeId = "QQ" });
        await rig.UntilEmptyAsync();

        Assert.Empty(Mail("local.test", "team"));
        Assert.Single(Mail("local.test", "joe"));
        var report = await MimeMessage.LoadAsync(Assert.Single(Mail("source.test", "ann")), Rig.Patience);
        Assert.Equal(subject, report.Subject);
        Assert.Equal("QQ", Groups(report)[0]["Original-Envelope-Id"]);
        var group = Groups(report)[1];
        Assert.Equal(("rfc822; team@local.test", action, "2.0.0", null), (group["Final-Recipient"], group["Action"], group["Status"], group["Diagnostic-Code"]));
    }

    [Fact]
    public async Task Report_to_an_address_that_stands_for_others_comes_to_each_of_them()
    {
        await using var rig = await StartAsync(port: 1, new MailingList(Boss, [Mailbox.Parse("one@local.test"), Mailbox.Parse("two@source.test")]));

        await rig.SubmitAsync("boss@local.test", "x@sink.test", Content, change: envelope => envelope with { Recipients = [Mailbox.Parse("bob@nowhere.test")] });
        await rig.UntilEmptyAsync();

        Assert.Empty(Mail("local.test", "boss"));
        foreach (var file in new[] { Assert.Single(Mail("local.test", "one")), Assert.Single(Mail("source.test", "two")) })
        {
            var report = await MimeMessage.LoadAsync(file, Rig.Patience);
            Assert.Equal(("<boss@local.test>", "<>"), (report.Headers["To"], report.Headers["Return-Path"]));
        }
    }

    [Fact]
    public async Task Message_that_was_taken_up_from_the_store_still_goes_in_both_names()
    {
        var store = new MemoryQueueStore(_time);
        await using var before = new Rig(Rig.To("discard"), _time, store);
        await SubmitAsync(before, [Mailbox.Parse("bob@local.test"), Member("eve@local.test")], new());

        await using var rig = await StartAsync(port: 1, store: store);
        await rig.UntilEmptyAsync();

        Assert.StartsWith("Return-Path: <ann@source.test>\n", await File.ReadAllTextAsync(Assert.Single(Mail("local.test", "bob")), Rig.Patience), StringComparison.Ordinal);
        Assert.StartsWith("Return-Path: <boss@local.test>\n", await File.ReadAllTextAsync(Assert.Single(Mail("local.test", "eve")), Rig.Patience), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Capture_keeps_a_message_once_with_all_whom_it_is_for()
    {
        var captured = new List<Envelope>();
        await using var rig = new Rig(Rig.To("capture"), _time, capture: (envelope, _, _) =>
        {
            captured.Add(envelope);
            return Task.CompletedTask;
        });
        await rig.StartAsync();
        Recipient[] all = [Member("eve@local.test"), .. Enumerable.Range(0, 150).Select(i => new Recipient(Mailbox.Parse($"user{i}@sink.test")))];

        await SubmitAsync(rig, all, new());
        await rig.UntilEmptyAsync();

        var kept = Assert.Single(captured);
        Assert.Equal(all, kept.Recipients);
        Assert.Equal("ann@source.test", kept.Sender?.Text);
    }

    private static Recipient Member(string address) => new(Mailbox.Parse(address)) { Sender = Boss };

    private Task<Rig> StartAsync(int port, params MailingList[] lists) => StartAsync(port, null, lists);

    private async Task<Rig> StartAsync(int port, IQueueStore? store, params MailingList[] lists)
    {
        var maildir = Rig.Target($"maildir:{_mail.Path}/{{domain}}/{{local}}");
        var options = Rig.To("mx") with
        {
            Routes = [new("sink.test", Rig.Target($"smtp://127.0.0.1:{port}"))],
            Domains = Rig.To("mx").Domains.Add("source.test", maildir).Add("local.test", maildir),
            Lists = new MailingLists(lists),
            ConnectionsPerDestination = 1,
        };
        var rig = new Rig(options, _time, store);
        await rig.StartAsync();
        return rig;
    }

    private static Task<QueueId> SubmitAsync(Rig rig, Recipient[] to, SenderRequests requests) =>
        rig.SubmitAsync("ann@source.test", "x@sink.test", Content, change: envelope => envelope with { Recipients = [.. to], Requests = requests });

    private List<string> Mail(string domain, string local)
    {
        var directory = Path.Combine(_mail.Path, domain, local, "new");
        return Directory.Exists(directory) ? [.. Directory.GetFiles(directory)] : [];
    }

    private static HeaderListCollection Groups(MimeMessage message) =>
        Assert.IsType<MessageDeliveryStatus>(Assert.IsType<MultipartReport>(message.Body)[1]).StatusGroups;
}
