using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;
using Pillarbox.Delivery.Client;
using Pillarbox.Delivery.Scheduling;
using Pillarbox.Protocol.Grammar;
using Pillarbox.Queue;

namespace Pillarbox.Delivery.Tests.Scheduling;

/// <summary>The small parts of the scheduler by themselves.</summary>
public sealed class PartsTests
{
    private static readonly DeliveryOptions Options = Rig.To("discard") with
    {
        Retry = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10)],
        Expire = TimeSpan.FromHours(10),
        Warn = TimeSpan.FromHours(1),
    };

    private static readonly Verdict Later = Verdict.Defer(4, 1, "no answer");

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(1, 0, 10)]
    [InlineData(7, 0, 10)]
    public void Wait_grows_along_the_schedule_and_its_last_repeats(int attempts, int ageMinutes, int wait)
    {
        var (consequence, next) = Judge(Later, attempts, TimeSpan.FromMinutes(ageMinutes));

        Assert.Equal(Consequence.Retry, consequence);
        Assert.Equal(attempts + 1, next!.Attempts);
        Assert.InRange(next.Next - Rig.Start, TimeSpan.FromMinutes(wait), TimeSpan.FromMinutes(wait * 1.1));
        Assert.Equal("4.4.1 no answer", next.LastReply);
    }

    [Fact]
    public void Last_try_is_made_when_the_time_is_up()
    {
        var (_, next) = Judge(Later, 5, TimeSpan.FromHours(9.95));

        Assert.Equal(Rig.Start + TimeSpan.FromHours(10), next!.Next);
    }

    [Theory]
    [InlineData(10, Disposition.Deferred, Consequence.Expire)]
    [InlineData(10, Disposition.Delivered, Consequence.Done)]
    [InlineData(0, Disposition.Failed, Consequence.Bounce)]
    [InlineData(1, Disposition.Deferred, Consequence.RetryAndWarn)]
    internal void Age_and_verdict_decide(int hours, Disposition disposition, Consequence expected) =>
        Assert.Equal(expected, Judge(new Verdict(disposition, new(4, 0, 0), "x"), 3, TimeSpan.FromHours(hours)).Consequence);

    [Fact]
    public void Delay_is_told_once_and_never_of_a_report()
    {
        Assert.Equal(Consequence.Retry, Judge(Later, 3, TimeSpan.FromHours(2), warned: true).Consequence);
        Assert.Equal(Consequence.Retry, Judge(Later, 3, TimeSpan.FromHours(2), sender: null).Consequence);
    }

    [Fact]
    public void Window_doubles_until_trouble_then_halves_and_grows_slowly()
    {
        var window = new ConcurrencyWindow(20);
        Assert.Equal(2, window.Size);
        for (var i = 0; i < 6; i++)
            window.Succeeded();
        Assert.Equal(8, window.Size);

        window.Failed();
        Assert.Equal(4, window.Size);
        for (var i = 0; i < 4; i++)
            window.Succeeded();
        Assert.InRange(window.Size, 4, 5);
        for (var i = 0; i < 500; i++)
            window.Succeeded();
        Assert.Equal(20, window.Size);
        for (var i = 0; i < 10; i++)
            window.Failed();
        Assert.Equal(1, window.Size);
    }

    [Fact]
    public void Watchdog_barks_when_the_peer_takes_too_long_and_only_then()
    {
        var time = new FakeTimeProvider();
        var barks = 0;
        using var dog = new Watchdog(time, () => barks++);

        dog.Arm(TimeSpan.FromMinutes(5));
        time.Advance(TimeSpan.FromMinutes(4));
        dog.Arm(TimeSpan.FromMinutes(5));
        time.Advance(TimeSpan.FromMinutes(4));
        dog.Disarm();
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, barks);

        dog.Arm(TimeSpan.FromMinutes(10));
        dog.Arm(TimeSpan.FromMinutes(1));
        time.Advance(TimeSpan.FromSeconds(61));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, barks);
        Assert.True(dog.Expired);
    }

    [Fact]
    public void Index_gives_what_is_due_in_order_with_one_timer()
    {
        var time = new FakeTimeProvider(Rig.Start);
        var due = new List<ulong>();
        using var index = new DueIndex(time, parked => due.Add(parked.Message.Value));
        var nowhere = new Nowhere();

        foreach (var minute in new[] { 3, 1, 2, 60 * 24 * 3 })
            index.Add(new Parked(new QueueId((ulong)minute), Parked.Single, nowhere), Rig.Start.AddMinutes(minute));
        Assert.Equal(4, nowhere.Waiting);

        time.Advance(TimeSpan.FromMinutes(1) + TimeSpan.FromSeconds(1));
        Assert.Equal([1UL], due);
        time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal([1UL, 2UL, 3UL], due);
        for (var day = 0; day < 3; day++)
            time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(4, due.Count);
        Assert.Equal(0, nowhere.Waiting);
        index.Add(new Parked(new QueueId(9), Parked.Single, nowhere), Rig.Start);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(9UL, due[^1]);
    }

    [Fact]
    public void Recipient_is_claimed_by_one_shipment_at_a_time()
    {
        var envelope = Envelope("ann@source.test") with { Recipients = [Mailbox.Parse("a@x.test"), Mailbox.Parse("b@x.test"), Mailbox.Parse("c@x.test")] };
        var message = QueuedMessage.Fresh(envelope);
        message = message with
        {
            Recipients = ImmutableArray.Create<RecipientStatus?>(
                RecipientStatus.Fresh, RecipientStatus.Fresh with { State = RecipientState.Held }, RecipientStatus.Fresh with { Next = Rig.Start.AddHours(1) }),
        };
        var entry = new MessageEntry(message, body: null);

        var first = entry.Claim([0, 1, 2], Rig.Start)!.Value;
        Assert.Equal([0], first.Recipients);
        Assert.Equal(Rig.Start.AddHours(1), first.Early);
        Assert.Empty(entry.Claim([0, 1], Rig.Start)!.Value.Recipients);
        Assert.Equal([2], entry.Claim([0, 1, 2], Rig.Start.AddHours(2))!.Value.Recipients);
        Assert.False(entry.Release([0]));
        Assert.True(entry.Release([2]));
        Assert.Null(entry.Claim([0], Rig.Start)); // closed: another is made
    }

    [Fact]
    public void Recipient_that_is_done_is_not_woken_by_an_older_standing()
    {
        var entry = new MessageEntry(QueuedMessage.Fresh(Envelope("ann@source.test")), body: null);

        entry.Update([new RecipientChange(0, null)]);
        entry.Update([new RecipientChange(0, RecipientStatus.Fresh)]);

        Assert.Null(entry.Status(0));
    }

    internal static Envelope Envelope(string? sender) => new()
    {
        Id = new QueueId(1),
        Sender = sender is null ? null : Mailbox.Parse(sender),
        Recipients = [Mailbox.Parse("bob@sink.test")],
        Accepted = Rig.Start,
        BodySize = 0,
    };

    private static (Consequence Consequence, RecipientStatus? Next) Judge(
        Verdict verdict, int attempts, TimeSpan age, bool warned = false, string? sender = "ann@source.test")
    {
        var policy = new RetryPolicy(Options, new Chance(new Random(3)));
        return policy.Judge(Envelope(sender), 0, RecipientStatus.Fresh with { Attempts = attempts, Warned = warned }, verdict, Rig.Start + age);
    }

    private sealed class Nowhere() : Delivery.Scheduling.Destination("nowhere")
    {
        public override void Submit(Shipment shipment) => throw new InvalidOperationException();

        public override void Admit(Parked parked) => throw new InvalidOperationException();

        public override void TryAgain() => throw new InvalidOperationException();
    }
}
