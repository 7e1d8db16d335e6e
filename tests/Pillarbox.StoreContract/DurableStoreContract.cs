using Xunit;

namespace Pillarbox.Queue.StoreContract;

/// <summary>What a store keeps that outlives its process.</summary>
public abstract class DurableStoreContract : StoreContract
{
    /// <summary>Leaves a body in its place without a message, as a crash does.</summary>
    protected abstract void LeaveOrphan(string name);

    [Fact]
    public async Task Reopened_store_has_what_it_accepted_and_no_more()
    {
        var small = await AcceptAsync(Octets(1000, 1), recipients: 2);
        var large = await AcceptAsync(Octets(500_000, 2));
        var done = await AcceptAsync(Octets(100, 3));
        var deferred = RecipientStatus.Fresh with { State = RecipientState.Deferred, Attempts = 1, LastReply = "450 4.2.0 later" };
        await Store.RecordAsync(small.Id, [RecipientChange.Done(0), new(1, deferred)], null, Token);
        await Store.RecordAsync(done.Id, [RecipientChange.Done(0)], null, Token);

        await ReopenAsync();

        var all = await AllAsync();
        Assert.Equal([small.Id, large.Id], all.Select(message => message.Envelope.Id));
        AssertSame(small, all[0].Envelope);
        Assert.Equal([null, deferred], all[0].Recipients);
        Assert.Equal(Octets(1000, 1), await BodyOfAsync(small.Id));
        Assert.Equal(Octets(500_000, 2), await BodyOfAsync(large.Id));
        await AssertGoneAsync(done.Id);
    }

    [Fact]
    public async Task Held_message_is_due_at_its_release_after_reopening()
    {
        var until = new DateTimeOffset(2026, 4, 1, 8, 0, 0, TimeSpan.Zero);
        var held = NewEnvelope(recipients: 2) with { Requests = SenderRequests.None with { HoldUntil = until } };
        using (await AcceptAsync(held, Octets(10)))
            await Store.RecordAsync(held.Id, [RecipientChange.Done(0)], null, Token);

        await ReopenAsync();

        var message = Assert.Single(await AllAsync());
        Assert.Equal(until, message.Envelope.Released);
        Assert.Equal([null, RecipientStatus.Fresh with { Next = until }], message.Recipients);
    }

    [Fact]
    public async Task Message_from_before_is_finished_after_reopening()
    {
        var large = await AcceptAsync(Octets(500_000), recipients: 3);
        await Store.RecordAsync(large.Id, [RecipientChange.Done(0)], null, Token);
        await ReopenAsync();
        Assert.False(await Store.RecordAsync(large.Id, [RecipientChange.Done(1)], null, Token));
        Assert.True(await Store.RecordAsync(large.Id, [RecipientChange.Done(2)], null, Token));
        await AssertGoneAsync(large.Id);
        await ReopenAsync();
        Assert.Empty(await AllAsync());
    }

    [Fact]
    public async Task Ids_increase_after_reopening_though_the_clock_went_back()
    {
        var before = await AcceptAsync("x"u8.ToArray());
        await Store.DeleteAsync(before.Id, Token);
        await ReopenAsync(new ClockOf1999());
        Assert.True(Store.NextId() > before.Id);
    }

    [Fact]
    public async Task Orphans_are_swept_when_the_store_opens()
    {
        var large = await AcceptAsync(Octets(100_000));
        var orphan = Store.NextId().ToString();
        LeaveOrphan(orphan);
        Assert.Contains(orphan, BodiesInPlace());
        await ReopenAsync();
        Assert.Equal([large.Id.ToString()], BodiesInPlace());
        Assert.Equal(Octets(100_000), await BodyOfAsync(large.Id));
    }

    private sealed class ClockOf1999 : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(1999, 12, 31, 23, 59, 59, TimeSpan.Zero);
    }
}
