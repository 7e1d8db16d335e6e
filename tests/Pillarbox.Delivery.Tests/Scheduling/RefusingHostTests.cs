using Pillarbox.Delivery.Routing;
using Pillarbox.Queue;

namespace Pillarbox.Delivery.Tests.Scheduling;

/// <summary>Hosts that take no mail (RFC 7504), and limits that hosts name (RFC 9422), met on the way through the queue.</summary>
public sealed class RefusingHostTests
{
    private const string Content = "Subject: hello\r\n\r\nworld\r\n";

    private static DeliveryOptions Mx(int port) => Rig.To("mx") with { Port = port, Retry = [TimeSpan.FromHours(1)] };

    private static FixedResolver Hosts(params string[] addresses) =>
        new FixedResolver().Mx("sink.test", (10, "hosts.test")).Host("hosts.test", addresses);

    private static async Task Taking(Peer peer)
    {
        await peer.OpenAsync();
        await peer.TakeAsync();
        await peer.UntilClosedAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Next_host_takes_what_one_never_takes(bool inGreeting)
    {
        await using var server = new ScriptedServer(async peer => await RefuseAsync(peer, inGreeting, "521 5.3.2 takes no mail"), Taking);
        await using var rig = new Rig(Mx(server.Port), resolver: Hosts("127.0.0.1", "127.0.0.1"));
        await rig.StartAsync();

        await rig.SubmitAsync("ann@source.test", "bob@sink.test", Content);

        await rig.UntilEmptyAsync();
        Assert.Equal(2, server.Connections);
    }

    [Theory]
    [InlineData(true, "521 mail.test takes no mail", "5.3.2")]
    [InlineData(false, "521 5.3.2 takes no mail", "5.3.2")]
    [InlineData(true, "521 5.7.1 takes none from you", "5.7.1")]
    public async Task Message_goes_back_when_no_host_ever_takes_mail(bool inGreeting, string reply, string status)
    {
        await using var server = new ScriptedServer(peer => RefuseAsync(peer, inGreeting, reply));
        await using var rig = new Rig(Mx(server.Port) with { Routes = [new Route("source.test", Rig.Target("smtp://127.0.0.2:1")), new Route("*", Rig.Target("mx"))] },
            resolver: Hosts("127.0.0.1", "127.0.0.1"));
        await rig.StartAsync();

        await rig.SubmitAsync("ann@source.test", "bob@sink.test", Content);
        await Until.TrueAsync(async () => (await rig.ListAsync()) is [{ Envelope.Sender: null }]);

        using var body = await rig.Store.OpenBodyAsync((await rig.ListAsync())[0].Envelope.Id, Rig.Patience);
        var report = System.Text.Encoding.UTF8.GetString(body!.InMemory!.Value.Span);
        Assert.Contains($"Status: {status}\r\n", report, StringComparison.Ordinal);
        Assert.Contains($"Diagnostic-Code: smtp; {reply}", report, StringComparison.Ordinal);
        Assert.Equal(2, server.Connections);
    }

    [Fact]
    public async Task Message_waits_for_a_host_that_is_down_though_another_never_takes_mail()
    {
        await using var server = new ScriptedServer(peer => RefuseAsync(peer, true, "521 takes no mail"));
        await using var rig = new Rig(Mx(server.Port), resolver: Hosts("127.0.0.2", "127.0.0.1"));
        await rig.StartAsync();

        var id = await rig.SubmitAsync("ann@source.test", "bob@sink.test", Content);

        Assert.Equal(RecipientState.Deferred, (await rig.UntilTriedAsync(id, 1)).State);
    }

    [Fact]
    public async Task Smarthost_that_takes_no_mail_is_ours_to_mend()
    {
        await using var server = new ScriptedServer(peer => RefuseAsync(peer, true, "521 takes no mail"));
        await using var rig = new Rig(Rig.To($"smtp://127.0.0.1:{server.Port}") with { Retry = [TimeSpan.FromHours(1)] });
        await rig.StartAsync();

        var id = await rig.SubmitAsync("ann@source.test", "bob@sink.test", Content);

        Assert.StartsWith("127.0.0.1 said: 521", (await rig.UntilTriedAsync(id, 1)).LastReply, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MAIL", "556 5.1.10 null MX there")]
    [InlineData("RCPT", "556 5.1.10 null MX there")]
    [InlineData("RCPT", "521 5.3.2 takes none")]
    public async Task Domain_that_a_server_knows_to_take_no_mail_is_refused_for_good(string command, string reply)
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync();
            await peer.AnswerAsync("MAIL FROM:<>", command == "MAIL" ? reply : "250 ok");
            if (command == "RCPT")
                await peer.AnswerAsync("RCPT", reply);
            await peer.UntilClosedAsync();
        });
        await using var rig = new Rig(Mx(server.Port), resolver: Hosts("127.0.0.1"));
        await rig.StartAsync();

        await rig.SubmitAsync(null, "bob@sink.test", Content);

        await rig.UntilEmptyAsync();
        Assert.Contains(rig.Log.Lines, line => line.Contains("outcome=failed", StringComparison.Ordinal) && line.Contains(reply, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Recipients_beyond_a_hosts_limit_go_at_once_in_other_transactions()
    {
        var transactions = new List<List<string>>();
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenAsync("LIMITS RCPTMAX=2 MAILMAX=1");
            var recipients = new List<string>();
            while (await peer.HearAsync() is { } command)
            {
                if (command.StartsWith("RCPT", StringComparison.Ordinal))
                    recipients.Add(command);
                await peer.SayAsync(command == "DATA" ? "354 go on" : command == "QUIT" ? "221 bye" : "250 ok");
                if (command != "DATA")
                    continue;
                await peer.MessageAsync();
                lock (transactions)
                    transactions.Add(recipients);
                await peer.SayAsync("250 ok");
            }
        });
        await using var rig = new Rig(Rig.To($"smtp://127.0.0.1:{server.Port}") with { Retry = [TimeSpan.FromHours(1)] });
        await rig.StartAsync();

        await rig.SubmitAsync("ann@source.test", "a@sink.test,b@sink.test,c@sink.test,d@sink.test,e@sink.test", Content);
        await rig.UntilEmptyAsync();

        Assert.Equal([2, 2, 1], transactions.Select(each => each.Count));
        Assert.Equal(5, transactions.SelectMany(each => each).Distinct().Count());
        Assert.Equal(3, server.Connections);
    }

    private static async Task RefuseAsync(Peer peer, bool inGreeting, string reply)
    {
        await peer.SayAsync(inGreeting ? reply : "220 mail.test");
        if (!inGreeting)
        {
            await peer.AnswerAsync("EHLO", reply);
            Assert.Null(await peer.HearAsync());
        }
    }
}
