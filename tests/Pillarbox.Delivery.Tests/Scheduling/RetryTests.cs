using Microsoft.Extensions.Time.Testing;
using Pillarbox.Delivery.Scheduling;
using Pillarbox.Peers;
using Pillarbox.Protocol.Commands;
using Pillarbox.Queue;

namespace Pillarbox.Delivery.Tests.Scheduling;

/// <summary>What becomes of messages that are not taken at once, on a clock of the test's own.</summary>
public sealed class RetryTests
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
    public async Task Deferred_message_is_tried_by_the_schedule_and_then_goes()
    {
        await using var server = new ScriptedServer(
            peer => peer.SayAsync("421 4.3.2 not yet"),
            peer => peer.SayAsync("421 4.3.2 not yet"),
            async peer =>
            {
                await peer.OpenAsync();
                await peer.TakeAsync();
                await peer.UntilClosedAsync();
            });
        await using var rig = new Rig(To(server.Port), _time);
        await rig.StartAsync();

        var id = await rig.SubmitAsync("ann@source.test", "bob@sink.test", Content);
        var first = await rig.UntilTriedAsync(id, 1);
        Assert.Equal(RecipientState.Deferred, first.State);
        Assert.Contains("421 4.3.2 not yet", first.LastReply, StringComparison.Ordinal);
        Assert.InRange(first.Next, Rig.Start.AddMinutes(1), Rig.Start.AddMinutes(1.1));

        _time.GoOn(TimeSpan.FromSeconds(70));
        var second = await rig.UntilTriedAsync(id, 2);
        Assert.InRange(second.Next - _time.GetUtcNow(), TimeSpan.FromMinutes(4.9), TimeSpan.FromMinutes(5.6));

        _time.GoOn(TimeSpan.FromMinutes(6));
        await rig.UntilEmptyAsync();
    }

    [Fact]
    public async Task Message_whose_time_is_up_goes_back_once_and_the_sender_hears_of_the_delay_before()
    {
        var reports = new List<string>();
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync();
            var isReport = false;
            while (await peer.HearAsync() is { } command)
            {
                if (command.StartsWith("MAIL", StringComparison.Ordinal))
                    isReport = command == "MAIL FROM:<>";
                await peer.SayAsync(command switch
                {
                    "DATA" => "354 go on",
                    _ when command.StartsWith("RCPT", StringComparison.Ordinal) && !isReport => "450 4.2.1 mailbox busy",
                    _ => "250 ok",
                });
                if (command != "DATA")
                    continue;
                var report = await peer.MessageAsync();
                lock (reports)
                    reports.Add(report);
                await peer.SayAsync("250 ok");
            }
        });
        await using var rig = new Rig(To(server.Port), _time);
        await rig.StartAsync();

        await rig.SubmitAsync("ann@source.test", "bob@sink.test", Content);
        await Until.TrueAsync(async () =>
        {
            // The clock goes on when everybody waits for it, so that no reply is late by it.
            var messages = await rig.ListAsync();
            if (!messages.IsEmpty && messages.All(message => message.Recipients[0]!.Next > _time.GetUtcNow()) && rig.Service.Context.Active.Count == 0)
                _time.GoOn(messages.Min(message => message.Recipients[0]!.Next) - _time.GetUtcNow() + TimeSpan.FromSeconds(1));
            else if (rig.Service.Context.Active.Count == 0)
                _time.GoOn(TimeSpan.FromMilliseconds(30)); // what came into the index when it was due already
            return messages.IsEmpty;
        });

        Assert.Equal(2, reports.Count);
        Assert.Contains("Action: delayed", reports[0], StringComparison.Ordinal);
        Assert.Contains("Action: failed", reports[1], StringComparison.Ordinal);
        Assert.Contains("Status: 4.4.7", reports[1], StringComparison.Ordinal);
        Assert.Contains("Diagnostic-Code: smtp; 450 4.2.1 mailbox busy", reports[1], StringComparison.Ordinal);
        Assert.InRange(_time.GetUtcNow() - Rig.Start, TimeSpan.FromHours(1), TimeSpan.FromHours(2));
    }

    [Fact]
    public async Task Refused_recipient_goes_back_and_the_others_arrive()
    {
        var back = "";
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync();
            await peer.AnswerAsync("MAIL FROM:<ann@source.test>", "250 ok");
            await peer.AnswerAsync("RCPT TO:<bob@sink.test>", "250 ok");
            await peer.AnswerAsync("RCPT TO:<eve@sink.test>", "550 5.1.1 no eve here");
            await peer.AnswerAsync("DATA", "354 go on");
            await peer.MessageAsync();
            await peer.SayAsync("250 ok");
            await peer.AnswerAsync("MAIL FROM:<>", "250 ok");
            await peer.AnswerAsync("RCPT TO:<ann@source.test>", "250 ok");
            await peer.AnswerAsync("DATA", "354 go on");
            back = await peer.MessageAsync();
            await peer.SayAsync("250 ok");
            await peer.UntilClosedAsync();
        });
        await using var rig = new Rig(To(server.Port) with { ConnectionsPerDestination = 1 }, _time);
        await rig.StartAsync();

        await rig.SubmitAsync("ann@source.test", "bob@sink.test,eve@sink.test", Content);
        await rig.UntilEmptyAsync();

        Assert.Contains("Final-Recipient: rfc822; eve@sink.test", back, StringComparison.Ordinal);
        Assert.DoesNotContain("bob@sink.test", back, StringComparison.Ordinal);
        Assert.Contains("What it means:", back, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Null_sender_hears_nothing()
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync();
            await peer.AnswerAsync("MAIL FROM:<>", "550 5.7.1 no");
            await peer.UntilClosedAsync();
        });
        await using var rig = new Rig(To(server.Port), _time);
        await rig.StartAsync();

        await rig.SubmitAsync(null, "bob@sink.test", Content);
        await rig.UntilEmptyAsync();

        Assert.Equal(1, server.Connections);
        Assert.Contains(rig.Log.Lines, line => line.Contains("outcome=failed", StringComparison.Ordinal) && line.EndsWith("reply=550 5.7.1 no", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Destination_that_cannot_be_reached_is_tried_once_for_all_that_wait()
    {
        var port = FreePort.Take();
        await using var rig = new Rig(To(port), _time);
        await rig.StartAsync();

        var ids = new List<QueueId>();
        for (var i = 0; i < 20; i++)
            ids.Add(await rig.SubmitAsync("ann@source.test", "bob@sink.test", Content));
        foreach (var id in ids)
            Assert.Contains("cannot connect", (await rig.UntilTriedAsync(id, 1)).LastReply, StringComparison.Ordinal);

        Assert.Contains(rig.Log.Lines, line => line.Contains("not tried again at once", StringComparison.Ordinal));
        await using var sink = new ScriptedServer(_ => Task.CompletedTask);
        Assert.All(await rig.ListAsync(), message => Assert.Equal(1, message.Recipients[0]!.Attempts));
    }

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

    [Fact]
    public async Task Recipients_over_the_servers_limit_go_in_another_transaction_at_once()
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync();
            foreach (var rcpt in new[] { "a@sink.test", "b@sink.test" })
            {
                await peer.AnswerAsync("MAIL", "250 ok");
                await peer.AnswerAsync($"RCPT TO:<{rcpt}>", "250 ok");
                if (rcpt[0] == 'a')
                    await peer.AnswerAsync("RCPT TO:<b@sink.test>", "452 4.5.3 too many");
                await peer.AnswerAsync("DATA", "354 go on");
                await peer.MessageAsync();
                await peer.SayAsync("250 ok");
            }

            await peer.UntilClosedAsync();
        });
        await using var rig = new Rig(To(server.Port) with { ConnectionsPerDestination = 1 }, _time);
        await rig.StartAsync();

        await rig.SubmitAsync("ann@source.test", "a@sink.test,b@sink.test", Content);
        await Until.TrueAsync(async () =>
        {
            _time.GoOn(TimeSpan.FromMilliseconds(30));
            return (await rig.ListAsync()).IsEmpty;
        });

        Assert.InRange(_time.GetUtcNow() - Rig.Start, TimeSpan.Zero, TimeSpan.FromSeconds(55));
    }

    [Fact]
    public async Task Smarthost_without_an_address_bounces_nothing()
    {
        await using var rig = new Rig(Rig.To("smtp://nowhere.test:25"), _time);
        await rig.StartAsync();

        var id = await rig.SubmitAsync("ann@source.test", "bob@sink.test", Content);

        Assert.Contains("no address", (await rig.UntilTriedAsync(id, 1)).LastReply, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Operator_sees_retries_and_deletes()
    {
        await using var server = new ScriptedServer(
            peer => peer.SayAsync("421 4.3.2 not yet"),
            async peer =>
            {
                await peer.OpenAsync();
                await peer.TakeAsync();
                await peer.UntilClosedAsync();
            });
        await using var rig = new Rig(To(server.Port), _time);
        await rig.StartAsync();
        var queue = new DeliveryQueue(rig.Service);
        var id = await rig.SubmitAsync("ann@source.test", "bob@sink.test", Content);
        await rig.UntilTriedAsync(id, 1);
        var other = await rig.SubmitAsync(null, "eve@sink.test", Content);
        await rig.UntilTriedAsync(other, 1);

        var item = await queue.FindAsync(id, Rig.Patience);
        Assert.Equal("ann@source.test", item!.From);
        var recipient = Assert.Single(item.Recipients);
        Assert.Equal(("bob@sink.test", QueueItemState.Deferred, 1), (recipient.Address, recipient.State, recipient.Attempts));
        Assert.True(await queue.DeleteAsync(other, Rig.Patience));
        Assert.False(await queue.DeleteAsync(other, Rig.Patience));
        Assert.False(await queue.RetryAsync(other, Rig.Patience));

        Assert.True(await queue.RetryAsync(id, Rig.Patience));
        await rig.UntilEmptyAsync();
        Assert.Equal(2, server.Connections);
        _time.GoOn(TimeSpan.FromMinutes(10)); // the old entry of the index finds nothing
    }

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

    /// <summary>A store that fails some times.</summary>
    private sealed class StubbornStore(IQueueStore inner) : IQueueStore
    {
        public int Faults { get; set; }

        public int ReadFaults { get; set; }

        public int IdFaults { get; set; }

        public QueueId NextId() => IdFaults-- > 0 ? throw new InvalidOperationException("no more names") : inner.NextId();

        public BodyWriter BeginBody(QueueId id) => inner.BeginBody(id);

        public Task AcceptReturns { get; init; } = Task.CompletedTask;

        public async ValueTask<MessageBody> AcceptAsync(Envelope envelope, BodyWriter body, CancellationToken cancellationToken = default)
        {
            var kept = await inner.AcceptAsync(envelope, body, cancellationToken);
            await AcceptReturns;
            return kept;
        }

        public ValueTask<bool> RecordAsync(QueueId id, IReadOnlyList<RecipientChange> changes, Report? report, CancellationToken cancellationToken = default)
        {
            if (Faults == 0)
                return inner.RecordAsync(id, changes, report, cancellationToken);
            Faults--;
            throw new IOException("the disk is full");
        }

        public ValueTask<bool> DeleteAsync(QueueId id, CancellationToken cancellationToken = default) => inner.DeleteAsync(id, cancellationToken);

        public ValueTask<QueuedMessage?> ReadAsync(QueueId id, CancellationToken cancellationToken = default)
        {
            if (ReadFaults == 0)
                return inner.ReadAsync(id, cancellationToken);
            ReadFaults--;
            throw new IOException("the disk is gone");
        }

        public ValueTask<MessageBody?> OpenBodyAsync(QueueId id, CancellationToken cancellationToken = default) => inner.OpenBodyAsync(id, cancellationToken);

        public IAsyncEnumerable<QueuedMessage> ReadAllAsync(QueueId from = default, CancellationToken cancellationToken = default) =>
            inner.ReadAllAsync(from, cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
