using System.Net;
using Microsoft.Extensions.Time.Testing;
using Pillarbox.Delivery.Routing;
using Pillarbox.Delivery.Scheduling;
using Pillarbox.Peers;
using Pillarbox.Queue;
using Pillarbox.Trust.Dns;

namespace Pillarbox.Delivery.Tests.Scheduling;

/// <summary>Where messages go.</summary>
public sealed class DestinationTests
{
    private const string Content = "Subject: hello\r\n\r\nworld\r\n";

    private static DeliveryOptions Mx(int port) => Rig.To("mx") with { Port = port, Retry = [TimeSpan.FromMilliseconds(200)] };

    [Fact]
    public async Task Mail_goes_to_the_exchanger_that_the_dns_names()
    {
        await using var sink = await SmtpSink.StartAsync(keep: true);
        await using var dns = await DnsServer.StartAsync(
            DnsRecord.Mx("sink.test", 10, "mx.sink.test"), DnsRecord.Address("mx.sink.test", "127.0.0.1"), DnsRecord.Address("plain.test", "127.0.0.1"));
        var resolver = new DnsClientResolver(new DnsOptions { Servers = [new IPEndPoint(IPAddress.Loopback, dns.Port)] }, TimeProvider.System);
        await using var rig = new Rig(Mx(sink.Port), resolver: resolver);
        await rig.StartAsync();

        await rig.SubmitAsync("ann@source.test", "bob@sink.test", Content);
        await rig.SubmitAsync("ann@source.test", "bob@plain.test", Content);
        await rig.SubmitAsync("ann@source.test", "bob@[127.0.0.1]", Content);
        await rig.UntilEmptyAsync();

        Assert.Equal(3, sink.Messages().Count);
    }

    [Fact]
    public async Task Next_exchanger_takes_what_the_first_will_not()
    {
        await using var sink = await SmtpSink.StartAsync(keep: true);
        var resolver = new FixedResolver().Mx("sink.test", (10, "down.test"), (20, "nowhere.test"), (30, "up.test"))
            .Host("down.test", "127.0.0.2").Host("up.test", "127.0.0.1");
        await using var rig = new Rig(Mx(sink.Port), resolver: resolver);
        await rig.StartAsync();

        await rig.SubmitAsync("ann@source.test", "bob@sink.test", Content);
        await rig.UntilEmptyAsync();

        Assert.Contains(rig.Log.Lines, line => line.Contains("up.test", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Domain_is_looked_up_once_for_all_that_wait_for_it()
    {
        await using var sink = await SmtpSink.StartAsync();
        var resolver = new FixedResolver().Mx("sink.test", (10, "up.test")).Host("up.test", "127.0.0.1");
        await using var rig = new Rig(Mx(sink.Port), resolver: resolver);
        await rig.StartAsync();

        for (var i = 0; i < 30; i++)
            await rig.SubmitAsync("ann@source.test", $"bob{i}@sink.test", Content);
        await rig.UntilEmptyAsync();

        Assert.Single(resolver.Asked);
    }

    [Theory]
    [InlineData("bob@null.test", "5.1.10")]
    [InlineData("bob@nowhere.test", "5.1.2")]
    [InlineData("bob@noaddress.test", "5.4.4")]
    [InlineData("postmaster@relay.test", "5.4.6")]
    public async Task Domain_that_takes_no_mail_bounces_at_once(string to, string status)
    {
        await using var sink = await SmtpSink.StartAsync(keep: true);
        var resolver = new FixedResolver().Mx("null.test", (0, "")).Mx("noaddress.test", (10, "gone.test")).Mx("relay.test", (10, "relay.test"))
            .Mx("source.test", (10, "up.test")).Host("up.test", "127.0.0.1");
        await using var rig = new Rig(Mx(sink.Port), resolver: resolver);
        await rig.StartAsync();

        await rig.SubmitAsync("ann@source.test", to, Content);
        await rig.UntilEmptyAsync();

        Assert.Contains($"Status: {status}\n", Assert.Single(sink.Messages()).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recipient_without_a_route_bounces_and_discarded_mail_is_gone()
    {
        await using var sink = await SmtpSink.StartAsync(keep: true);
        var options = Rig.To("discard") with
        {
            Routes = [new Route("gone.test", Rig.Target("discard")), new Route("source.test", Rig.Target($"smtp://127.0.0.1:{sink.Port}"))],
        };
        await using var rig = new Rig(options);
        await rig.StartAsync();

        await rig.SubmitAsync("ann@source.test", "bob@gone.test,bob@elsewhere.test", Content);
        await rig.UntilEmptyAsync();

        Assert.Contains("Status: 5.4.4\n", Assert.Single(sink.Messages()).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recipients_at_one_destination_share_a_transaction()
    {
        await using var sink = await SmtpSink.StartAsync(keep: true);
        await using var rig = new Rig(Rig.To($"smtp://127.0.0.1:{sink.Port}"));
        await rig.StartAsync();

        await rig.SubmitAsync("ann@source.test", "a@one.test,b@two.test,c@one.test", Content);
        await rig.UntilEmptyAsync();

        var rcpts = Assert.Single(sink.Messages()).Text.Split('\n').Where(line => line.StartsWith("X-Rcpt-Args", StringComparison.Ordinal));
        Assert.Equal(3, rcpts.Count());
    }

    [Theory]
    [InlineData("up.test", 1)]
    [InlineData("nowhere.test", 2)]
    public async Task Connection_that_never_rests_is_left_soon_where_its_host_was_not_the_first_choice(string first, int connections)
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync();
            while (await peer.HearAsync() is { } mail && mail.StartsWith("MAIL", StringComparison.Ordinal))
            {
                await peer.SayAsync("250 ok");
                await peer.AnswerAsync("RCPT", "250 ok");
                await peer.AnswerAsync("DATA", "354 go on");
                await peer.MessageAsync();
                await peer.SayAsync("250 ok");
            }

            await peer.SayAsync("221 bye");
        });
        var time = new FakeTimeProvider(Rig.Start);
        var resolver = new FixedResolver().Mx("sink.test", (10, first), (20, "up.test")).Host("up.test", "127.0.0.1");
        await using var rig = new Rig(Mx(server.Port), time, resolver: resolver);
        await rig.StartAsync();

        for (var second = 0; second < 32; second++)
        {
            await rig.SubmitAsync("ann@source.test", "bob@sink.test", Content);
            await rig.UntilEmptyAsync();
            time.GoOn(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(connections, server.Connections);
    }

    [Fact]
    public async Task Many_messages_share_few_connections()
    {
        var messages = 0;
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync();
            while (await peer.HearAsync() is { } mail && mail.StartsWith("MAIL", StringComparison.Ordinal))
            {
                await peer.SayAsync("250 ok");
                await peer.AnswerAsync("RCPT", "250 ok");
                await peer.AnswerAsync("DATA", "354 go on");
                await peer.MessageAsync();
                Interlocked.Increment(ref messages);
                await peer.SayAsync("250 ok");
            }

            await peer.SayAsync("221 bye");
        });
        await using var rig = new Rig(Rig.To($"smtp://127.0.0.1:{server.Port}") with { ConnectionsPerDestination = 3 });
        await rig.StartAsync();

        for (var i = 0; i < 200; i++)
            await rig.SubmitAsync("ann@source.test", "bob@sink.test", Content);
        await rig.UntilEmptyAsync();

        Assert.Equal(200, messages);
        Assert.InRange(server.Connections, 1, 3);
    }

    [Fact]
    public async Task Connection_that_the_server_ended_in_between_costs_no_attempt()
    {
        await using var server = new ScriptedServer(
            async peer =>
            {
                await peer.OpenAsync();
                await peer.TakeAsync();
                await peer.SayAsync("421 4.4.2 idle");
                peer.HangUp();
            },
            async peer =>
            {
                await peer.OpenAsync();
                await peer.TakeAsync();
                await peer.UntilClosedAsync();
            });
        await using var rig = new Rig(Rig.To($"smtp://127.0.0.1:{server.Port}") with { Idle = TimeSpan.FromMinutes(1) });
        await rig.StartAsync();

        await rig.SubmitAsync("ann@source.test", "bob@sink.test", Content);
        await rig.UntilEmptyAsync();
        await rig.SubmitAsync("ann@source.test", "bob@sink.test", Content);
        await rig.UntilEmptyAsync();

        Assert.Equal(2, server.Connections);
        Assert.DoesNotContain(rig.Log.Lines, line => line.Contains("outcome=deferred", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Captured_mail_goes_side_by_side_and_waits_as_queued_until_its_turn()
    {
        const int Messages = 80;
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var inside = 0;
        await using var rig = new Rig(Rig.To("mx"), capture: (_, _, _) =>
        {
            Interlocked.Increment(ref inside);
            return gate.Task;
        });
        await rig.StartAsync();
        var queue = new DeliveryQueue(rig.Service);
        try
        {
            for (var i = 0; i < Messages; i++)
                await rig.SubmitAsync("ann@source.test", "bob@sink.test", Content, captured: true);
            await Until.TrueAsync(() => Volatile.Read(ref inside) >= 16);

            var states = new List<QueueItemState>();
            await foreach (var item in queue.ListAsync(cancellationToken: Rig.Patience))
                states.Add(Assert.Single(item.Recipients).State);
            Assert.Equal(Messages, states.Count);
            Assert.InRange(states.Count(state => state == QueueItemState.Delivering), 16, 64);
            Assert.InRange(states.Count(state => state == QueueItemState.Queued), Messages - 64, Messages - 16);
        }
        finally
        {
            gate.SetResult();
        }

        await rig.UntilEmptyAsync();
        Assert.Contains(rig.Log.Lines, line => line.Contains("to=bob@sink.test outcome=delivered via=capture remote=- status=2.0.0", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Captured_mail_is_never_reported_on()
    {
        var resolver = new FixedResolver();
        var options = Rig.To("mx") with { Retry = [TimeSpan.FromMilliseconds(50)], Expire = TimeSpan.FromMilliseconds(200), Warn = TimeSpan.Zero };
        await using var rig = new Rig(options, resolver: resolver, capture: (_, _, _) => throw new IOException("the disk is full"));
        await rig.StartAsync();

        await rig.SubmitAsync("ann@source.test", "bob@sink.test", Content, captured: true);
        await rig.UntilEmptyAsync();

        Assert.Empty(resolver.Asked);
    }

    [Fact]
    public async Task Slow_destination_holds_no_other_up()
    {
        await using var sink = await SmtpSink.StartAsync();
        await using var slow = new ScriptedServer(peer => peer.UntilClosedAsync());
        var options = Rig.To("discard") with
        {
            Routes = [new Route("slow.test", Rig.Target($"smtp://127.0.0.1:{slow.Port}")), new Route("*", Rig.Target($"smtp://127.0.0.1:{sink.Port}"))],
        };
        var rig = new Rig(options);
        await rig.StartAsync();

        for (var i = 0; i < 700; i++)
            await rig.SubmitAsync("ann@source.test", "bob@slow.test", Content);
        for (var i = 0; i < 50; i++)
            await rig.SubmitAsync("ann@source.test", "bob@fast.test", Content);
        await Until.TrueAsync(async () => (await rig.ListAsync()).Length == 700);

        await rig.Service.StopAsync(new CancellationToken(canceled: true));
        Assert.Equal(700, (await rig.ListAsync()).Length);
        Assert.All(await rig.ListAsync(), message => Assert.Equal(0, message.Recipients[0]!.Attempts));
    }

    [Fact]
    public async Task Destinations_take_turns_where_connections_are_few()
    {
        await using var sink = await SmtpSink.StartAsync();
        var resolver = new FixedResolver();
        for (var i = 0; i < 12; i++)
            resolver.Mx($"d{i}.test", (10, $"mx{i}.test")).Host($"mx{i}.test", "127.0.0.1");
        await using var rig = new Rig(Mx(sink.Port) with { Connections = 2, Idle = TimeSpan.FromMinutes(5) }, resolver: resolver);
        await rig.StartAsync();

        for (var i = 0; i < 60; i++)
            await rig.SubmitAsync("ann@source.test", $"bob@d{i % 12}.test", Content);

        await rig.UntilEmptyAsync();
    }

    [Fact]
    public async Task Change_of_routes_leads_what_waits_another_way()
    {
        await using var sink = await SmtpSink.StartAsync(keep: true);
        await using var slow = new ScriptedServer(async peer =>
        {
            await peer.SayAsync("421 not today");
        });
        await using var rig = new Rig(Rig.To($"smtp://127.0.0.1:{slow.Port}") with { Retry = [TimeSpan.FromMilliseconds(100)] });
        await rig.StartAsync();
        var id = await rig.SubmitAsync("ann@source.test", "bob@sink.test", Content);
        await Until.TrueAsync(async () => (await rig.Store.ReadAsync(id, Rig.Patience))?.Recipients[0]?.Attempts > 0);

        rig.Routing.Replace(new RoutingTable([new Route("*", Rig.Target($"smtp://127.0.0.1:{sink.Port}"))], []));
        await rig.UntilEmptyAsync();

        Assert.Single(sink.Messages());
    }

    [Fact]
    public async Task Stop_lets_the_delivery_under_way_end()
    {
        var taken = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync();
            await peer.AnswerAsync("MAIL", "250 ok");
            await peer.AnswerAsync("RCPT", "250 ok");
            await peer.AnswerAsync("DATA", "354 go on");
            await peer.MessageAsync();
            taken.SetResult();
            await go.Task;
            await peer.SayAsync("250 ok");
            await peer.AnswerAsync("QUIT", "221 bye");
        });
        var rig = new Rig(Rig.To($"smtp://127.0.0.1:{server.Port}"));
        await rig.StartAsync();
        await rig.SubmitAsync("ann@source.test", "bob@sink.test", Content);
        await taken.Task;

        var stopping = rig.Service.StopAsync(Rig.Patience);
        Assert.False(stopping.IsCompleted);
        go.SetResult();
        await stopping;

        Assert.Empty(await rig.ListAsync());
    }

    [Fact]
    public async Task Large_and_many_bodies_wait_in_the_store_not_in_memory()
    {
        await using var sink = await SmtpSink.StartAsync(keep: true);
        await using var rig = new Rig(Rig.To($"smtp://127.0.0.1:{sink.Port}") with { BodyMemory = 1 << 20 });
        await rig.StartAsync();
        var large = "Subject: large\r\n\r\n" + string.Concat(Enumerable.Repeat(new string('x', 76) + "\r\n", 8000));

        for (var i = 0; i < 20; i++)
            await rig.SubmitAsync("ann@source.test", "bob@sink.test", large);
        await rig.UntilEmptyAsync();

        Assert.Equal(20, sink.Messages().Count);
        Assert.All(sink.Messages(), message => Assert.EndsWith(new string('x', 76), message.Text.TrimEnd(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Captured_message_goes_to_the_capture_whatever_the_routes_say()
    {
        await using var rig = new Rig(Rig.To("mx"));
        await rig.StartAsync();
        var id = rig.Store.NextId();
        var body = rig.Store.BeginBody(id);
        await rig.Queue.AcceptAsync(
            new Envelope
            {
                Id = id,
                Sender = null,
                Recipients = [Protocol.Grammar.Mailbox.Parse("bob@sink.test")],
                Accepted = TimeProvider.System.GetUtcNow(),
                BodySize = 0,
                Destination = Queue.Destination.Captured,
            },
            body,
            Rig.Patience);

        // This rig has no capture, which is how the way it took shows.
        Assert.Contains("no capture", (await rig.UntilTriedAsync(id, 1)).LastReply, StringComparison.Ordinal);
    }
}
