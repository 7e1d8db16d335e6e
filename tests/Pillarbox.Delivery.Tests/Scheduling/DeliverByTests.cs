using Microsoft.Extensions.Time.Testing;
using Pillarbox.Delivery.Scheduling;
using Pillarbox.Protocol.Commands;
using Pillarbox.Queue;

namespace Pillarbox.Delivery.Tests.Scheduling;

/// <summary>Delivery by a time (RFC 2852), on a clock of the test's own.</summary>
public sealed class DeliverByTests
{
    private const string Content = "Subject: hello\r\n\r\nworld\r\n";

    private readonly FakeTimeProvider _time = new(Rig.Start);

    private static DeliveryOptions Options => Rig.To("mx") with
    {
        Retry = [TimeSpan.FromMinutes(1), TimeSpan.FromHours(1)],
        Expire = TimeSpan.FromDays(5),
        Warn = TimeSpan.FromHours(4),
    };

    private static DeliveryOptions To(int port) => Options with { Routes = Rig.To($"smtp://127.0.0.1:{port}").Routes };

    private static Func<Envelope, Envelope> By(TimeSpan within, DeliverByMode mode, bool trace = false) =>
        envelope => envelope with { Requests = SenderRequests.None with { DeliverBy = new DeliverBy(envelope.Accepted + within, mode, trace) } };

    private static (Consequence Consequence, RecipientStatus? Status) Judge(Envelope envelope, TimeSpan age, int attempts = 1, bool warned = false) =>
        new RetryPolicy(Options, new Chance(new Random(3))).Judge(
            envelope, 0, RecipientStatus.Fresh with { Attempts = attempts, Warned = warned }, Verdict.Defer(2, 1, "busy"), envelope.Accepted + age);

    private static async Task<string> ReportAsync(Rig rig)
    {
        Envelope? report = null;
        await Until.TrueAsync(async () => (report = (await rig.ListAsync()).Select(each => each.Envelope).FirstOrDefault(each => each.Sender is null)) is not null);
        using var body = await rig.Store.OpenBodyAsync(report!.Id, Rig.Patience);
        return System.Text.Encoding.UTF8.GetString(body!.InMemory!.Value.Span);
    }

    [Fact]
    public void Waits_end_at_the_deadline_of_a_message_that_is_to_come_back()
    {
        var envelope = By(TimeSpan.FromMinutes(30), DeliverByMode.Return)(PartsTests.Envelope("ann@source.test"));

        Assert.Equal(Rig.Start.AddMinutes(30), Judge(envelope, TimeSpan.FromMinutes(2)).Status!.Next);
        Assert.InRange(Judge(envelope, TimeSpan.Zero, attempts: 0).Status!.Next, Rig.Start.AddMinutes(1), Rig.Start.AddMinutes(1.1));
        Assert.False(Deadline.IsOver(envelope, Rig.Start.AddMinutes(29)));
        Assert.True(Deadline.IsOver(envelope, Rig.Start.AddMinutes(30)));
    }

    [Fact]
    public void Sender_who_named_a_time_hears_of_the_delay_then_and_once()
    {
        var envelope = By(TimeSpan.FromHours(8), DeliverByMode.Notify)(PartsTests.Envelope("ann@source.test"));

        Assert.Equal(Consequence.Retry, Judge(envelope, TimeSpan.FromHours(5)).Consequence);
        Assert.Equal(Rig.Start.AddHours(8), Judge(envelope, TimeSpan.FromHours(7.5)).Status!.Next);
        var (consequence, status) = Judge(envelope, TimeSpan.FromHours(8));
        Assert.Equal((Consequence.RetryAndWarn, true), (consequence, status!.Warned));
        Assert.True(status.Next > Rig.Start.AddHours(9));
        Assert.Equal(Consequence.Retry, Judge(envelope, TimeSpan.FromHours(9), warned: true).Consequence);
        Assert.False(Deadline.IsOver(envelope, Rig.Start.AddDays(1)));
    }

    [Fact]
    public void Message_that_came_late_was_told_of_before_and_is_treated_as_any_other()
    {
        var envelope = By(TimeSpan.FromMinutes(-5), DeliverByMode.Notify)(PartsTests.Envelope("ann@source.test"));

        Assert.Equal(Consequence.Retry, Judge(envelope, TimeSpan.FromMinutes(1)).Consequence);
        Assert.Equal(Consequence.RetryAndWarn, Judge(envelope, TimeSpan.FromHours(4)).Consequence);
    }

    [Fact]
    public async Task Message_goes_back_at_its_deadline_and_is_not_tried_then()
    {
        await using var server = new ScriptedServer(peer => peer.SayAsync("421 4.3.2 not yet"));
        await using var rig = new Rig(To(server.Port), _time);
        await rig.StartAsync();
        var id = await rig.SubmitAsync("ann@source.test", "bob@sink.test", Content, change: By(TimeSpan.FromSeconds(50), DeliverByMode.Return));
        var tried = await rig.UntilTriedAsync(id, 1);
        Assert.Equal(Rig.Start.AddSeconds(50), tried.Next);
        var connections = server.Connections;

        _time.GoOn(TimeSpan.FromSeconds(51));
        var report = await ReportAsync(rig);

        Assert.Contains("Status: 5.4.7\r\n", report, StringComparison.Ordinal);
        Assert.Contains("421 4.3.2 not yet", report, StringComparison.Ordinal);
        Assert.Contains("Deliver-By-Date: Sun, 1 Mar 2026 12:00:50 +0000\r\n", report, StringComparison.Ordinal);
        Assert.Null(await rig.Store.ReadAsync(id, Rig.Patience));
        Assert.InRange(server.Connections, connections, connections + 1); // the report's own
    }

    [Theory]
    [InlineData(DeliverByMode.Return)]
    [InlineData(DeliverByMode.Notify)]
    public async Task Captured_message_is_kept_however_late(DeliverByMode mode)
    {
        var taken = 0;
        await using var rig = new Rig(Options, _time, capture: (_, _, _) =>
        {
            taken++;
            return Task.CompletedTask;
        });
        await rig.StartAsync();

        await rig.SubmitAsync("ann@source.test", "bob@sink.test", Content, captured: true, change: By(TimeSpan.FromSeconds(-1), mode));
        await rig.UntilEmptyAsync();

        Assert.Equal(1, taken);
        Assert.DoesNotContain(rig.Log.Lines, line => line.Contains("outcome=failed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Time_that_is_left_is_what_the_next_server_gets()
    {
        await using var server = new ScriptedServer(
            peer => peer.SayAsync("421 4.3.2 not yet"),
            async peer =>
            {
                await peer.OpenAsync("DELIVERBY");
                await peer.AnswerAsync("MAIL FROM:<ann@source.test> BY=31;R", "250 ok");
                await peer.AnswerAsync("RCPT", "250 ok");
                await peer.AnswerAsync("DATA", "354 go on");
                await peer.MessageAsync();
                await peer.SayAsync("250 ok");
                await peer.UntilClosedAsync();
            });
        await using var rig = new Rig(To(server.Port), _time);
        await rig.StartAsync();
        var id = await rig.SubmitAsync("ann@source.test", "bob@sink.test", Content, change: By(TimeSpan.FromSeconds(101), DeliverByMode.Return));
        await rig.UntilTriedAsync(id, 1);

        _time.GoOn(TimeSpan.FromSeconds(70));
        await rig.UntilEmptyAsync();
    }

    [Theory]
    [InlineData("DELIVERBY", DeliverByMode.Return, true, NotifyOn.Unsaid, true)]
    [InlineData("DELIVERBY", DeliverByMode.Notify, true, NotifyOn.Failure, true)]
    [InlineData("DELIVERBY", DeliverByMode.Return, true, NotifyOn.Never, false)]
    [InlineData("DELIVERBY", DeliverByMode.Notify, false, NotifyOn.Unsaid, false)]
    [InlineData("8BITMIME", DeliverByMode.Notify, false, NotifyOn.Unsaid, true)]
    public async Task Relay_is_reported_where_it_is_traced_or_goes_out_of_sight(string offer, DeliverByMode mode, bool trace, NotifyOn notify, bool reported)
    {
        var report = "";
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync(offer);
            await peer.TakeAsync();
            if (reported)
                report = await peer.TakeAsync();
            await peer.UntilClosedAsync();
        });
        await using var rig = new Rig(To(server.Port) with { ConnectionsPerDestination = 1 });
        await rig.StartAsync();

        await rig.SubmitAsync("ann@source.test", "bob@sink.test", Content, change: envelope =>
        {
            var asked = By(TimeSpan.FromHours(1), mode, trace)(envelope);
            return asked with { Recipients = [asked.Recipients[0] with { Notify = notify }] };
        });
        await rig.UntilEmptyAsync();

        await Until.TrueAsync(() => !reported || report.Length > 0); // the script keeps it after it has taken it
        Assert.Equal(reported, report.Contains("Action: relayed", StringComparison.Ordinal));
    }
}
