using Pillarbox.Delivery.Routing;
using Pillarbox.Protocol.Grammar;
using Pillarbox.Queue;
using Pillarbox.Trust.Dns;

namespace Pillarbox.Delivery.Tests.Scheduling;

/// <summary>Mail that must stay under TLS (RFC 8689), on its way through the queue.</summary>
public sealed class RequireTlsTests
{
    private const string Content = "Subject: secret\r\n\r\nworld\r\n";

    // What the original held, and whether its report is bound as it was, as the store has it: the sender's own domain leads nowhere here.
    private static DeliveryOptions Mx(int port) => Rig.To("mx") with
    {
        Port = port,
        Routes = [new Route("source.test", Rig.Target("smtp://127.0.0.2:1")), new Route("*", Rig.Target("mx"))],
        Authorities = [Peer.Certificate],
        Retry = [TimeSpan.FromHours(1)],
    };

    private static FixedResolver Resolver(bool authenticated = true, params string[] hosts)
    {
        var resolver = new FixedResolver().Host("scripted.test", "127.0.0.1").Host("plain.test", "127.0.0.1");
        hosts = hosts.Length == 0 ? ["scripted.test"] : hosts;
        resolver.Exchangers["sink.test"] = new(DnsOutcome.Found, [.. hosts.Select((host, i) => new MailExchanger((ushort)i, host))], authenticated);
        return resolver;
    }

    private static Envelope Protect(Envelope envelope) => envelope with { Requests = SenderRequests.None with { RequireTls = true } };

    private static async Task<(Envelope Envelope, string Text)> ReportAsync(Rig rig)
    {
        await Until.TrueAsync(async () => (await rig.ListAsync()) is [{ Envelope.Sender: null }]);
        var report = Assert.Single(await rig.ListAsync()).Envelope;
        using var body = await rig.Store.OpenBodyAsync(report.Id, Rig.Patience);
        return (report, System.Text.Encoding.UTF8.GetString(body!.InMemory!.Value.Span));
    }

    [Fact]
    public async Task Hosts_are_tried_in_turn_until_one_keeps_the_message_under_tls()
    {
        var heard = "";
        await using var server = new ScriptedServer(
            async peer =>
            {
                await peer.OpenAsync("8BITMIME");
                await peer.UntilClosedAsync();
            },
            async peer =>
            {
                await peer.OpenTlsAsync("8BITMIME");
                await peer.UntilClosedAsync();
            },
            async peer =>
            {
                await peer.OpenTlsAsync("REQUIRETLS");
                heard = await peer.TakeAsync();
                await peer.UntilClosedAsync();
            });
        await using var rig = new Rig(Mx(server.Port), resolver: Resolver(hosts: ["plain.test", "scripted.test"]).Host("scripted.test", "127.0.0.1", "127.0.0.1"));
        await rig.StartAsync();

        await rig.SubmitAsync("ann@source.test", "bob@sink.test", Content, change: Protect);
        await Until.TrueAsync(() => heard.Length > 0);
        await rig.UntilEmptyAsync();
    }

    [Theory]
    [InlineData("no starttls", "5.7.10")]
    [InlineData("another certificate", "5.7.10")]
    [InlineData("no requiretls", "5.7.30")]
    public async Task Message_that_no_host_keeps_under_tls_goes_back_under_tls_with_its_header_alone(string how, string status)
    {
        await using var server = new ScriptedServer(async peer =>
        {
            if (how == "no starttls")
            {
                await peer.OpenAsync("REQUIRETLS");
            }
            else if (how == "another certificate")
            {
                await peer.OpenAsync("STARTTLS");
                await peer.AnswerAsync("STARTTLS", "220 go on");
                await Assert.ThrowsAnyAsync<Exception>(async () =>
                {
                    await peer.EncryptAsync();
                    Assert.Null(await peer.HearAsync());
                    throw new IOException("ended");
                });
            }
            else
            {
                await peer.OpenTlsAsync("8BITMIME");
            }

            await peer.UntilClosedAsync();
        });
        var options = Mx(server.Port);
        await using var rig = new Rig(how == "another certificate" ? options with { Authorities = [] } : options, resolver: Resolver());
        await rig.StartAsync();

        await rig.SubmitAsync("ann@source.test", "bob@sink.test", Content, change: Protect);

        var (envelope, text) = await ReportAsync(rig);
        Assert.True(envelope.Requests.RequireTls);
        Assert.Contains($"Status: {status}\r\n", text, StringComparison.Ordinal);
        Assert.Contains("Subject: secret", text, StringComparison.Ordinal);
        Assert.DoesNotContain("world", text, StringComparison.Ordinal);
        Assert.Equal(Mailbox.Parse("ann@source.test"), envelope.Recipients[0].Address);
    }

    [Fact]
    public async Task Exchangers_that_the_dns_does_not_vouch_for_get_nothing()
    {
        await using var server = new ScriptedServer(peer => peer.UntilClosedAsync());
        await using var rig = new Rig(Mx(server.Port), resolver: Resolver(authenticated: false));
        await rig.StartAsync();

        await rig.SubmitAsync("ann@source.test", "bob@sink.test", Content, change: Protect);

        var (_, text) = await ReportAsync(rig);
        Assert.Contains("Status: 5.7.10\r\n", text, StringComparison.Ordinal);
        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task Session_that_is_open_is_none_for_exchangers_that_the_dns_does_not_vouch_for()
    {
        var taken = 0;
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenTlsAsync("REQUIRETLS");
            await peer.TakeAsync();
            taken++;
            Assert.False((await peer.HearAsync())?.StartsWith("MAIL", StringComparison.Ordinal));
            await peer.UntilClosedAsync();
        });
        await using var rig = new Rig(Mx(server.Port) with { ConnectionsPerDestination = 1 }, resolver: Resolver(authenticated: false));
        await rig.StartAsync();
        await rig.SubmitAsync("ann@source.test", "bob@sink.test", Content);
        await rig.UntilEmptyAsync();

        await rig.SubmitAsync("ann@source.test", "bob@sink.test", Content, change: Protect);

        var (_, text) = await ReportAsync(rig);
        Assert.Contains("Status: 5.7.10\r\n", text, StringComparison.Ordinal);
        Assert.Equal((1, 1), (taken, server.Connections));
    }

    [Fact]
    public async Task Connection_lost_in_the_handshake_defers_that_message_and_keeps_no_other_back()
    {
        var heard = "";
        await using var server = new ScriptedServer(
            async peer =>
            {
                await peer.OpenAsync("STARTTLS");
                await peer.AnswerAsync("STARTTLS", "220 go on");
            },
            async peer =>
            {
                await peer.OpenAsync();
                heard = await peer.TakeAsync();
                await peer.UntilClosedAsync();
            });
        await using var rig = new Rig(Mx(server.Port), resolver: Resolver());
        await rig.StartAsync();
        var id = await rig.SubmitAsync("ann@source.test", "bob@sink.test", Content, change: Protect);
        var tried = await rig.UntilTriedAsync(id, 1);

        await rig.SubmitAsync("ann@source.test", "bob@sink.test", Content);
        await Until.TrueAsync(() => heard.Length > 0);

        Assert.Equal(RecipientState.Deferred, tried.State);
        Assert.StartsWith("4.7.0 ", tried.LastReply, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Domain_without_exchangers_is_the_host_itself_that_its_certificate_names()
    {
        await using var server = new ScriptedServer(async peer =>
        {
            await peer.OpenTlsAsync("REQUIRETLS");
            await peer.TakeAsync();
            await peer.UntilClosedAsync();
        });
        var resolver = Resolver();
        resolver.Exchangers["scripted.test"] = new(DnsOutcome.NoData, []);
        await using var rig = new Rig(Mx(server.Port), resolver: resolver);
        await rig.StartAsync();

        await rig.SubmitAsync("ann@source.test", "bob@scripted.test", Content, change: Protect);

        await rig.UntilEmptyAsync();
    }

    [Fact]
    public async Task Host_that_is_down_is_tried_again_later()
    {
        var resolver = Resolver();
        resolver.Host("scripted.test", "127.0.0.2");
        await using var rig = new Rig(Mx(1), resolver: resolver);
        await rig.StartAsync();

        var id = await rig.SubmitAsync("ann@source.test", "bob@sink.test", Content, change: Protect);

        Assert.Equal(RecipientState.Deferred, (await rig.UntilTriedAsync(id, 1)).State);
    }

    [Fact]
    public async Task Mail_for_this_machine_needs_no_tls()
    {
        var directory = Directory.CreateTempSubdirectory("pillarbox-test-").FullName;
        try
        {
            await using var rig = new Rig(Rig.To($"maildir:{directory}/{{local}}"));
            await rig.StartAsync();
            await rig.SubmitAsync("ann@source.test", "bob@sink.test", Content, change: Protect);
            await rig.UntilEmptyAsync();
            Assert.Single(Directory.GetFiles(Path.Combine(directory, "bob", "new")));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
