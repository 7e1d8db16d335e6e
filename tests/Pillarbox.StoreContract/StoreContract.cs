using Pillarbox.Protocol.Grammar;
using Xunit;

namespace Pillarbox.Queue.StoreContract;

/// <summary>What every store keeps, whether it is durable or not. A store's tests inherit it.</summary>
public abstract class StoreContract : StoreHarness
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(64 * 1024)]
    [InlineData((64 * 1024) + 1)]
    [InlineData(3_000_000)]
    public async Task Body_of_any_size_is_read_as_it_was_written(int size)
    {
        var octets = Octets(size);
        var envelope = NewEnvelope() with { BodySize = size };
        using (var kept = await AcceptAsync(envelope, octets))
        {
            Assert.Equal(size, kept.Length);
            Assert.Equal(octets, await ReadToEndAsync(kept));
        }

        Assert.Equal(octets, await BodyOfAsync(envelope.Id));
    }

    [Fact]
    public async Task Message_held_for_later_is_due_then_and_one_whose_time_is_over_at_once()
    {
        var now = NewEnvelope().Accepted;
        var later = NewEnvelope() with { Requests = SenderRequests.None with { HoldUntil = now.AddDays(1) } };
        var past = NewEnvelope() with { Requests = SenderRequests.None with { HoldUntil = now.AddDays(-1) } };
        var captured = NewEnvelope() with { Requests = later.Requests, Destination = Destination.Captured };
        foreach (var envelope in new[] { later, past, captured })
            (await AcceptAsync(envelope, "x"u8.ToArray())).Dispose();

        Assert.Equal(now.AddDays(1), (await Store.ReadAsync(later.Id, Token))!.Recipients[0]!.Next);
        Assert.Equal([RecipientStatus.Fresh], (await Store.ReadAsync(past.Id, Token))!.Recipients);
        Assert.Equal([RecipientStatus.Fresh], (await Store.ReadAsync(captured.Id, Token))!.Recipients);
    }

    [Fact]
    public async Task Large_body_that_was_never_flushed_is_kept_whole()
    {
        var octets = Octets(300_000);
        var envelope = NewEnvelope() with { BodySize = octets.Length };
        var writer = Store.BeginBody(envelope.Id);
        octets.CopyTo(writer.GetSpan(octets.Length));
        writer.Advance(octets.Length);
        Assert.Equal(octets.Length, writer.Length);
        (await Store.AcceptAsync(envelope, writer, Token)).Dispose();
        Assert.Equal(octets, await BodyOfAsync(envelope.Id));
    }

    [Fact]
    public async Task Envelope_is_read_as_it_was_accepted()
    {
        var envelope = NewEnvelope() with
        {
            Sender = Mailbox.Parse("\"ann lee\"@example.org"),
            Recipients = [Mailbox.Parse("bob@[192.0.2.1]"), Mailbox.Parse("jürgen@exämple.net"), Mailbox.Parse("postmaster")],
            BodySize = 4,
            Prologue = "Received: from somewhere\r\n"u8.ToArray(),
            Traits = MessageTraits.EightBitBody | MessageTraits.EightBitHeaders,
            SmtpUtf8 = true,
            Destination = Destination.Captured,
            Account = "ann",
            Client = "[192.0.2.7]:1234",
            Session = "1a20d040bb70001",
        };
        (await AcceptAsync(envelope, "abcd"u8.ToArray())).Dispose();

        var message = await Store.ReadAsync(envelope.Id, Token);
        Assert.NotNull(message);
        AssertSame(envelope, message.Envelope);
        Assert.All(message.Recipients, status => Assert.Equal(RecipientStatus.Fresh, status));
        Assert.Equal(3, message.Recipients.Length);
    }

    [Fact]
    public async Task Null_sender_stays_null()
    {
        var envelope = NewEnvelope() with { Sender = null };
        (await AcceptAsync(envelope, default)).Dispose();
        Assert.Null((await Store.ReadAsync(envelope.Id, Token))!.Envelope.Sender);
    }

    [Fact]
    public async Task Ids_are_given_in_increasing_order_and_listed_in_it()
    {
        List<QueueId> accepted = [];
        for (var i = 0; i < 600; i++)
            accepted.Add((await AcceptAsync("x"u8.ToArray())).Id);
        Assert.Equal(accepted.Order(), accepted);
        Assert.Equal(accepted, (await AllAsync()).Select(message => message.Envelope.Id));
    }

    [Fact]
    public async Task Listing_begins_where_it_is_told_to()
    {
        List<QueueId> accepted = [];
        for (var i = 0; i < 5; i++)
            accepted.Add((await AcceptAsync("x"u8.ToArray())).Id);
        await Store.RecordAsync(accepted[3], [new(0, RecipientStatus.Fresh with { State = RecipientState.Held })], null, Token);

        Assert.Equal(accepted[2..], await IdsFromAsync(accepted[2]));
        Assert.Equal(accepted[2..], await IdsFromAsync(new QueueId(accepted[1].Value + 1)));
        Assert.Empty(await IdsFromAsync(new QueueId(accepted[4].Value + 1)));

        async Task<List<QueueId>> IdsFromAsync(QueueId from)
        {
            List<QueueId> ids = [];
            await foreach (var message in Store.ReadAllAsync(from, Token))
                ids.Add(message.Envelope.Id);
            return ids;
        }
    }

    [Fact]
    public async Task Deferred_recipient_is_read_with_its_standing()
    {
        var envelope = await AcceptAsync("x"u8.ToArray(), recipients: 3);
        var deferred = new RecipientStatus
        {
            State = RecipientState.Deferred,
            Attempts = 2,
            Next = new DateTimeOffset(2026, 3, 4, 6, 0, 0, TimeSpan.Zero),
            LastReply = "mx.example.net said: 450 4.2.0 später",
            Warned = true,
        };
        var held = RecipientStatus.Fresh with { State = RecipientState.Held };

        Assert.False(await Store.RecordAsync(envelope.Id, [new(1, deferred), RecipientChange.Done(2)], null, Token));
        Assert.Equal([RecipientStatus.Fresh, deferred, null], (await Store.ReadAsync(envelope.Id, Token))!.Recipients);

        Assert.False(await Store.RecordAsync(envelope.Id, [new(0, held)], null, Token));
        Assert.Equal([held, deferred, null], Assert.Single(await AllAsync()).Recipients);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(200_000)]
    public async Task Last_outcome_removes_the_message_and_its_body(int size)
    {
        var envelope = await AcceptAsync(Octets(size), recipients: 2);
        Assert.False(await Store.RecordAsync(envelope.Id, [RecipientChange.Done(1)], null, Token));
        Assert.NotNull(await Store.ReadAsync(envelope.Id, Token));
        Assert.True(await Store.RecordAsync(envelope.Id, [RecipientChange.Done(0)], null, Token));
        await AssertGoneAsync(envelope.Id);
    }

    [Fact]
    public async Task Done_recipient_is_not_woken_by_a_late_change()
    {
        var envelope = await AcceptAsync("x"u8.ToArray(), recipients: 2);
        await Store.RecordAsync(envelope.Id, [RecipientChange.Done(0)], null, Token);
        Assert.False(await Store.RecordAsync(envelope.Id, [new(0, RecipientStatus.Fresh)], null, Token));
        Assert.Equal([null, RecipientStatus.Fresh], (await Store.ReadAsync(envelope.Id, Token))!.Recipients);
    }

    [Fact]
    public async Task Report_and_outcome_come_together()
    {
        var envelope = await AcceptAsync("x"u8.ToArray());
        var report = NewEnvelope() with { Sender = null, BodySize = 5 };
        Assert.True(await Store.RecordAsync(envelope.Id, [RecipientChange.Done(0)], new Report(report, "sorry"u8.ToArray()), Token));

        await AssertGoneAsync(envelope.Id);
        AssertSame(report, (await Store.ReadAsync(report.Id, Token))!.Envelope);
        Assert.Equal("sorry"u8.ToArray(), await BodyOfAsync(report.Id));
        Assert.True(await Store.RecordAsync(report.Id, [RecipientChange.Done(0)], null, Token));
        await AssertGoneAsync(report.Id);
    }

    [Fact]
    public async Task Report_on_a_message_that_is_gone_is_not_kept()
    {
        var envelope = await AcceptAsync("x"u8.ToArray());
        Assert.True(await Store.DeleteAsync(envelope.Id, Token));
        var report = NewEnvelope() with { Sender = null, BodySize = 5 };
        Assert.True(await Store.RecordAsync(envelope.Id, [RecipientChange.Done(0)], new Report(report, "sorry"u8.ToArray()), Token));
        await AssertGoneAsync(report.Id);
    }

    [Fact]
    public async Task Outcome_of_a_recipient_that_is_not_there_is_refused_and_its_report_with_it()
    {
        var envelope = await AcceptAsync("x"u8.ToArray());
        var report = NewEnvelope() with { Sender = null, BodySize = 5 };
        await Assert.ThrowsAsync<ArgumentException>(async () =>
            await Store.RecordAsync(envelope.Id, [RecipientChange.Done(0), RecipientChange.Done(1)], new Report(report, "sorry"u8.ToArray()), Token));
        await AssertGoneAsync(report.Id);
        Assert.Equal([RecipientStatus.Fresh], (await Store.ReadAsync(envelope.Id, Token))!.Recipients);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(200_000)]
    public async Task Deleted_message_is_gone(int size)
    {
        var envelope = await AcceptAsync(Octets(size));
        Assert.True(await Store.DeleteAsync(envelope.Id, Token));
        await AssertGoneAsync(envelope.Id);
        Assert.False(await Store.DeleteAsync(envelope.Id, Token));
    }

    [Fact]
    public async Task Unknown_message_is_nowhere()
    {
        var id = Store.NextId();
        await AssertGoneAsync(id);
        Assert.False(await Store.DeleteAsync(id, Token));
        Assert.True(await Store.RecordAsync(id, [RecipientChange.Done(0)], null, Token));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(200_000)]
    public async Task Writer_that_is_disposed_of_leaves_nothing(int size)
    {
        var id = Store.NextId();
        var writer = Store.BeginBody(id);
        await WriteAsync(writer, Octets(size));
        await writer.DisposeAsync();
        await writer.DisposeAsync();
        await AssertGoneAsync(id);
        Assert.Empty(BodiesInPlace());
    }

    [Theory]
    [InlineData(10)]
    [InlineData(200_000)]
    public async Task Cancelled_acceptance_leaves_nothing(int size)
    {
        var envelope = NewEnvelope() with { BodySize = size };
        var writer = Store.BeginBody(envelope.Id);
        await WriteAsync(writer, Octets(size));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            (await Store.AcceptAsync(envelope, writer, new CancellationToken(canceled: true))).Dispose());
        await AssertGoneAsync(envelope.Id);
        Assert.Empty(BodiesInPlace());
    }

    [Fact]
    public async Task Body_stays_readable_after_its_message_is_gone()
    {
        var octets = Octets(500_000);
        var envelope = await AcceptAsync(octets);
        using var body = await Store.OpenBodyAsync(envelope.Id, Token);
        Assert.True(await Store.DeleteAsync(envelope.Id, Token));
        Assert.Equal(octets, await ReadToEndAsync(body!));
    }

    [Fact]
    public async Task Body_may_be_disposed_of_twice()
    {
        var first = NewEnvelope() with { BodySize = 3 };
        var body = await AcceptAsync(first, "one"u8.ToArray());
        body.Dispose();
        body.Dispose();

        // Were its memory in the pool twice, these two would share it.
        using var second = await AcceptAsync(NewEnvelope() with { BodySize = 3 }, "two"u8.ToArray());
        using var third = await AcceptAsync(NewEnvelope() with { BodySize = 3 }, "six"u8.ToArray());
        Assert.Equal("two"u8.ToArray(), await ReadToEndAsync(second));
        Assert.Equal("six"u8.ToArray(), await ReadToEndAsync(third));
    }

    [Fact]
    public async Task Many_at_once_each_keep_their_own()
    {
        const int Sessions = 20;
        const int Messages = 30;
        var accepted = await Task.WhenAll(Enumerable.Range(0, Sessions).Select(session => Task.Run(async () =>
        {
            List<(QueueId Id, int Seed, int Size, bool Done)> mine = [];
            for (var i = 0; i < Messages; i++)
            {
                var seed = (session * Messages) + i;
                var size = i % 10 == 9 ? 70_000 + i : (seed * 37) % 3000;
                var envelope = await AcceptAsync(Octets(size, seed), recipients: 2);
                await Store.RecordAsync(envelope.Id, [RecipientChange.Done(0)], null, Token);
                var done = i % 3 == 0;
                if (done)
                    Assert.True(await Store.RecordAsync(envelope.Id, [RecipientChange.Done(1)], null, Token));
                mine.Add((envelope.Id, seed, size, done));
            }

            return mine;
        })));

        var expected = accepted.SelectMany(mine => mine).OrderBy(message => message.Id).ToList();
        Assert.Equal(expected.Where(m => !m.Done).Select(m => m.Id), (await AllAsync()).Select(m => m.Envelope.Id));
        foreach (var (id, seed, size, done) in expected)
        {
            if (done)
                await AssertGoneAsync(id);
            else
                Assert.Equal(Octets(size, seed), await BodyOfAsync(id));
        }
    }

    [Fact]
    public async Task Callers_go_on_off_the_thread_pool_and_off_their_own_thread()
    {
        // Outside of the test runner's context, as a server's code runs. A store that was done before its caller began to wait lets it
        // run on where it is, and one that is done in the very moment in which it begins hands it to the pool (the runtime knows no
        // other way). Sooner or later one has to wait.
        Assert.True(await Task.Run(async () =>
        {
            for (var i = 0; i < 1000; i++)
            {
                var envelope = NewEnvelope();
                var writer = Store.BeginBody(envelope.Id);
                var before = Environment.CurrentManagedThreadId;
                (await Store.AcceptAsync(envelope, writer, Token)).Dispose();
                if (Environment.CurrentManagedThreadId != before && !Thread.CurrentThread.IsThreadPoolThread)
                    return true;
            }

            return false;
        }));
    }

    [Fact]
    public async Task Store_that_is_disposed_of_takes_nothing()
    {
        var envelope = NewEnvelope();
        var writer = Store.BeginBody(envelope.Id);
        await Store.DisposeAsync();
        await Store.DisposeAsync();
        await Assert.ThrowsAnyAsync<ObjectDisposedException>(async () => (await Store.AcceptAsync(envelope, writer, Token)).Dispose());
    }
}
