using Microsoft.Extensions.Time.Testing;
using Pillarbox.Delivery.Routing;
using Pillarbox.Delivery.Scheduling;
using Pillarbox.Peers;
using Pillarbox.Queue;

namespace Pillarbox.Delivery.Tests.Scheduling;

/// <summary>Mail that is to leave later (RFC 4865), on a clock of the test's own.</summary>
public sealed class FutureReleaseTests
{
    private const string Content = "Subject: hello\r\n\r\nworld\r\n";

    private readonly FakeTimeProvider _time = new(Rig.Start);

    private static Func<Envelope, Envelope> HeldFor(TimeSpan time) =>
        envelope => envelope with { Requests = SenderRequests.None with { HoldUntil = envelope.Accepted + time } };

    [Fact]
    public async Task Held_message_waits_in_the_list_and_goes_when_its_time_comes()
    {
        await using var sink = await SmtpSink.StartAsync(keep: true);
        await using var rig = new Rig(Rig.To($"smtp://127.0.0.1:{sink.Port}"), _time);
        await rig.StartAsync();
        var queue = new DeliveryQueue(rig.Service);

        var held = await rig.SubmitAsync("ann@source.test", "bob@sink.test", Content, change: HeldFor(TimeSpan.FromHours(2)));
        await rig.SubmitAsync("ann@source.test", "eve@sink.test", Content, change: HeldFor(TimeSpan.FromHours(-2)));
        await Until.TrueAsync(() => sink.Messages().Count == 1);

        var listed = Assert.Single((await queue.FindAsync(held, Rig.Patience))!.Recipients);
        Assert.Equal((QueueItemState.Queued, 0, Rig.Start.AddHours(2)), (listed.State, listed.Attempts, listed.Next));
        _time.GoOn(TimeSpan.FromMinutes(119));
        Assert.Single(sink.Messages());
        Assert.Equal(1, rig.Service.Context.Due.Count);

        _time.GoOn(TimeSpan.FromMinutes(2));
        await rig.UntilEmptyAsync();
        Assert.Equal(2, sink.Messages().Count);
    }

    [Fact]
    public async Task Held_message_is_held_still_after_a_restart()
    {
        await using var sink = await SmtpSink.StartAsync(keep: true);
        var store = new MemoryQueueStore(_time);
        await using var rig = new Rig(Rig.To($"smtp://127.0.0.1:{sink.Port}"), _time, store);
        await rig.SubmitAsync("ann@source.test", "bob@sink.test", Content, change: HeldFor(TimeSpan.FromHours(2)));

        await rig.StartAsync();
        await Until.TrueAsync(() => rig.Service.Context.Due.Count == 1);
        Assert.Empty(sink.Messages());

        _time.GoOn(TimeSpan.FromHours(2) + TimeSpan.FromSeconds(1));
        await rig.UntilEmptyAsync();
        Assert.Single(sink.Messages());
    }

    [Fact]
    public async Task Operator_may_send_a_held_message_at_once()
    {
        await using var sink = await SmtpSink.StartAsync(keep: true);
        await using var rig = new Rig(Rig.To($"smtp://127.0.0.1:{sink.Port}"), _time);
        await rig.StartAsync();
        var id = await rig.SubmitAsync("ann@source.test", "bob@sink.test", Content, change: HeldFor(TimeSpan.FromDays(2)));

        Assert.True(await new DeliveryQueue(rig.Service).RetryAsync(id, Rig.Patience));

        await rig.UntilEmptyAsync();
        Assert.Single(sink.Messages());
    }

    [Fact]
    public async Task Report_says_what_was_asked_and_is_as_urgent_as_its_message()
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync();
            await peer.AnswerAsync("MAIL", "250 ok");
            await peer.AnswerAsync("RCPT", "550 5.1.1 no bob");
            await peer.UntilClosedAsync();
        });
        var options = Rig.To($"smtp://127.0.0.1:{server.Port}");
        await using var rig = new Rig(options with { Routes = [new Route("source.test", Rig.Target("smtp://127.0.0.2:1")), .. options.Routes] }, _time);
        await rig.StartAsync();

        await rig.SubmitAsync("ann@source.test", "bob@sink.test", Content, change: envelope =>
        {
            var held = HeldFor(TimeSpan.FromHours(2))(envelope);
            return held with { Requests = held.Requests with { Priority = 5 } };
        });
        _time.GoOn(TimeSpan.FromHours(2) + TimeSpan.FromSeconds(1));
        await Until.TrueAsync(async () => (await rig.ListAsync()) is [{ Envelope.Sender: null }]);

        var report = Assert.Single(await rig.ListAsync()).Envelope;
        using var body = await rig.Store.OpenBodyAsync(report.Id, Rig.Patience);
        Assert.Contains("Future-Release-Request: until;2026-03-01T14:00:00Z\r\n", System.Text.Encoding.UTF8.GetString(body!.InMemory!.Value.Span), StringComparison.Ordinal);
        Assert.Equal(SenderRequests.None with { Priority = 5 }, report.Requests);
    }

    [Fact]
    public void Time_limits_of_a_held_message_begin_with_its_release()
    {
        var policy = new RetryPolicy(Rig.To("mx") with { Expire = TimeSpan.FromHours(5), Warn = TimeSpan.FromHours(4) }, new Chance(new Random(3)));
        var envelope = HeldFor(TimeSpan.FromDays(10))(PartsTests.Envelope("ann@source.test"));
        var busy = Verdict.Defer(2, 1, "busy");

        Assert.Equal(Consequence.Retry, policy.Judge(envelope, 0, RecipientStatus.First(envelope), busy, Rig.Start.AddDays(10)).Consequence);
        Assert.Equal(Consequence.RetryAndWarn, policy.Judge(envelope, 0, RecipientStatus.First(envelope), busy, Rig.Start.AddDays(10).AddHours(4)).Consequence);
        Assert.Equal(Consequence.Expire, policy.Judge(envelope, 0, RecipientStatus.First(envelope), busy, Rig.Start.AddDays(10).AddHours(5)).Consequence);
    }
}
