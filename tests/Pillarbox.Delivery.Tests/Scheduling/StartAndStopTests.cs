using Microsoft.Extensions.Time.Testing;
using Pillarbox.Peers;
using Pillarbox.Queue;

namespace Pillarbox.Delivery.Tests.Scheduling;

/// <summary>What is delivered when delivery starts and stops.</summary>
public sealed class StartAndStopTests
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
    public async Task Queue_is_taken_up_where_it_was_at_start()
    {
        await using var sink = await SmtpSink.StartAsync(keep: true);
        var store = new MemoryQueueStore(_time);
        var before = new Rig(To(FreePort.Take()), _time, store);
        var waiting = await before.SubmitAsync("ann@source.test", "bob@sink.test", Content);
        var later = await before.SubmitAsync("ann@source.test", "later@sink.test", Content);
        var held = await before.SubmitAsync("ann@source.test", "held@sink.test", Content);
        await store.RecordAsync(
            later, [new(0, RecipientStatus.Fresh with { State = RecipientState.Deferred, Attempts = 3, Next = Rig.Start.AddMinutes(30) })], null, Rig.Patience);
        await store.RecordAsync(held, [new(0, RecipientStatus.Fresh with { State = RecipientState.Held })], null, Rig.Patience);

        await using var rig = new Rig(To(sink.Port), _time, store);
        await rig.StartAsync();
        await Until.TrueAsync(async () => await store.ReadAsync(waiting, Rig.Patience) is null);
        Assert.Single(sink.Messages());

        _time.GoOn(TimeSpan.FromMinutes(31));
        await Until.TrueAsync(async () => await store.ReadAsync(later, Rig.Patience) is null);
        Assert.Equal(2, sink.Messages().Count);
        Assert.NotNull(await store.ReadAsync(held, Rig.Patience));
    }

    [Fact]
    public async Task Nothing_is_delivered_before_all_has_started_and_then_each_message_once()
    {
        await using var sink = await SmtpSink.StartAsync(keep: true);
        await using var rig = new Rig(To(sink.Port), _time);
        await rig.Service.StartAsync(Rig.Patience);
        var id = await rig.SubmitAsync("ann@source.test", "bob@sink.test", Content);
        Assert.Null(rig.Service.Context.Active.Find(id));
        Assert.DoesNotContain(rig.Service.Context.Destinations.Sites, site => site.Workers + site.Backlog > 0);

        await rig.Service.StartedAsync(Rig.Patience);
        await rig.SubmitAsync("ann@source.test", "bob@sink.test", Content);
        await rig.UntilEmptyAsync();

        Assert.Equal(2, sink.Messages().Count);
    }

    [Fact]
    public async Task Stop_does_not_wait_for_a_greeting()
    {
        await using var silent = new ScriptedServer(peer => peer.UntilClosedAsync());
        var rig = new Rig(To(silent.Port), _time);
        await rig.StartAsync();
        var id = await rig.SubmitAsync("ann@source.test", "bob@sink.test", Content);
        await Until.TrueAsync(() => silent.Connections == 1);

        using var grace = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await rig.Service.StopAsync(grace.Token);

        Assert.NotNull(await rig.Store.ReadAsync(id, Rig.Patience));
        Assert.DoesNotContain(rig.Log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal) || line.StartsWith("Warning", StringComparison.Ordinal));
        rig.Service.Dispose();
        await rig.Store.DisposeAsync();
    }

    [Fact]
    public async Task Message_that_the_start_finds_and_its_session_hands_over_too_is_sent_once()
    {
        await using var sink = await SmtpSink.StartAsync(keep: true);
        var returns = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var store = new StubbornStore(new MemoryQueueStore(_time)) { AcceptReturns = returns.Task };
        await using var rig = new Rig(To(sink.Port), _time, store);

        // In the store already, but its session does not know yet.
        var accepting = rig.SubmitAsync("ann@source.test", "bob@sink.test", Content);
        await Until.TrueAsync(async () => !(await rig.ListAsync()).IsEmpty);
        await rig.StartAsync();
        await rig.UntilEmptyAsync();
        returns.SetResult();
        await accepting;

        await rig.SubmitAsync("ann@source.test", "second@sink.test", Content);
        await Until.TrueAsync(async () => (await rig.ListAsync()).IsEmpty && rig.Service.Context.Active.Count == 0);
        Assert.Equal(2, sink.Messages().Count);
    }
}
