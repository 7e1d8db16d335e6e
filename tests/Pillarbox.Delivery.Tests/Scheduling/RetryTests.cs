using Microsoft.Extensions.Time.Testing;
using Pillarbox.Delivery.Scheduling;
using Pillarbox.Peers;
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
}
