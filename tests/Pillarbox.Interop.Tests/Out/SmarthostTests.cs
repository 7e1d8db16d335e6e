using Pillarbox.Peers;

namespace Pillarbox.Interop.Tests.Out;

/// <summary>Mail that goes to a smarthost: a Postfix that asks Dovecot who may relay, and Postfix's smtp-sink.</summary>
public sealed class SmarthostTests
{
    [Theory]
    [InlineData("smtp")]
    [InlineData("smtps")]
    public async Task Smarthost_that_wants_auth_gets_it_over_tls(string scheme)
    {
        var password = Guid.NewGuid().ToString("N");
        await using var accounts = await DovecotAuth.StartAsync("ann", password);
        // It has no destination of its own, so it relays on, to those who log in alone.
        await using var behind = await PostfixServer.StartAsync();
        await using var smarthost = await PostfixServer.StartAsync(new PostfixSettings
        {
            Hostname = "smarthost.test",
            Tls = true,
            Accounts = accounts,
            RelayHost = $"[127.0.0.1]:{behind.Port}",
        });
        var port = scheme == "smtp" ? smarthost.Port : smarthost.TlsPort;
        await using var relay = await RelayServer.StartAsync($"{scheme}://ann:{password}@127.0.0.1:{port}");
        var message = TestMessages.Create("leading dots", TestMessages.NewSubject());

        await relay.SubmitAsync(message, "bob@destination.test");

        var stored = Assert.Single(await behind.WaitForMessagesAsync(1));
        Assert.Equal(message, stored.AsSent);
        Assert.Contains("Authenticated sender: ann", stored.Trace, StringComparison.Ordinal);
        Assert.Contains("using TLSv1.3", stored.Trace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Smtp_sink_gets_every_message_of_many_sessions()
    {
        await using var sink = await SmtpSink.StartAsync(keep: true);
        await using var relay = await RelayServer.StartAsync($"smtp://127.0.0.1:{sink.Port}");

        await SmtpSource.RunAsync(relay.Port, messages: 200, sessions: 20, from: "ann@source.test");

        await Readiness.UntilAsync(() => sink.Messages().Count >= 200, "200 messages at smtp-sink");
        Assert.All(sink.Messages(), message => Assert.Contains("<ann@source.test>", message.Header("X-Mail-Args"), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Peer_without_8bitmime_gets_no_8_bit_body_and_the_sender_a_bounce()
    {
        await using var sink = await SmtpSink.StartAsync(keep: true, "-8");
        await using var relay = await RelayServer.StartAsync($"smtp://127.0.0.1:{sink.Port}");

        await relay.SubmitAsync(TestMessages.Create("8-bit octets", TestMessages.NewSubject()), "bob@destination.test");

        var bounce = await relay.WaitForLocalAsync("ann");
        Assert.Contains("Status: 5.6.3", bounce.Text, StringComparison.Ordinal);
        Assert.Empty(sink.Messages());
    }
}
