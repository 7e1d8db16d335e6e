using Microsoft.Extensions.Time.Testing;
using Pillarbox.Peers;
using Pillarbox.Protocol.Commands;
using Pillarbox.Queue;

namespace Pillarbox.Delivery.Tests.Scheduling;

/// <summary>What becomes of messages while the store does not work.</summary>
public sealed class StoreFaultTests
{
    private const string Content = "Subject: hello\r\n\r\nworld\r\n";

    private readonly FakeTimeProvider _time = new(Rig.Start);

    private static DeliveryOptions To(int port) => Rig.To($"smtp://127.0.0.1:{port}") with
    {
        Retry = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5)],
        Expire = TimeSpan.FromHours(1),
        Warn = TimeSpan.FromMinutes(20),
    };

    [Fact]
    public async Task Outcome_that_the_store_does_not_take_is_recorded_later_and_nothing_is_sent_twice()
    {
        await using var sink = await SmtpSink.StartAsync(keep: true);
        var store = new StubbornStore(new MemoryQueueStore(_time)) { Faults = 2 };
        await using var rig = new Rig(To(sink.Port), _time, store);
        await rig.StartAsync();

        await rig.SubmitAsync("ann@source.test", "bob@sink.test", Content);
        await Until.TrueAsync(() => rig.Log.Lines.Any(line => line.Contains("cannot be recorded", StringComparison.Ordinal)));
        Assert.Single(await rig.ListAsync());
        await Until.TrueAsync(async () =>
        {
            _time.GoOn(TimeSpan.FromSeconds(5));
            return (await rig.ListAsync()).IsEmpty;
        });

        Assert.Single(sink.Messages());
        Assert.Equal(0, store.Faults);
    }

    [Fact]
    public async Task Message_that_the_store_cannot_read_is_tried_again()
    {
        await using var sink = await SmtpSink.StartAsync(keep: true);
        var store = new StubbornStore(new MemoryQueueStore(_time));
        await new Rig(To(1), _time, store).SubmitAsync("ann@source.test", "bob@sink.test", Content);
        store.ReadFaults = 2;
        await using var rig = new Rig(To(sink.Port), _time, store);
        await rig.StartAsync();

        await Until.TrueAsync(async () =>
        {
            _time.GoOn(TimeSpan.FromSeconds(5));
            return (await rig.ListAsync()).IsEmpty;
        });

        Assert.Single(sink.Messages());
    }

    [Fact]
    public async Task Report_that_cannot_be_written_keeps_a_failure_and_repeats_no_delivery()
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync();
            await peer.AnswerAsync("MAIL FROM:<ann@source.test>", "250 ok");
            await peer.AnswerAsync("RCPT TO:<bob@sink.test>", "250 ok");
            await peer.AnswerAsync("RCPT TO:<eve@sink.test>", "550 5.1.1 no eve here");
            await peer.AnswerAsync("DATA", "354 go on");
            await peer.MessageAsync();
            await peer.SayAsync("250 ok");
            await peer.UntilClosedAsync();
        });
        var store = new StubbornStore(new MemoryQueueStore(_time));
        await using var rig = new Rig(To(server.Port), _time, store);
        await rig.StartAsync();

        var id = await rig.SubmitAsync("ann@source.test", "bob@sink.test,eve@sink.test", Content, change: envelope =>
        {
            store.IdFaults = 1;
            return envelope with { Recipients = [.. envelope.Recipients.Select(recipient => recipient with { Notify = NotifyOn.Success | NotifyOn.Failure })] };
        });
        var eve = await rig.UntilTriedAsync(id, 1, recipient: 1);

        Assert.Contains(rig.Log.Lines, line => line.Contains("No report on", StringComparison.Ordinal));
        Assert.Equal((RecipientState.Deferred, Rig.Start.AddMinutes(5)), (eve.State, eve.Next));
        Assert.Null((await store.ReadAsync(id, Rig.Patience))!.Recipients[0]);
    }
}
