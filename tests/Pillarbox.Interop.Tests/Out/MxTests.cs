using Pillarbox.Peers;

namespace Pillarbox.Interop.Tests.Out;

/// <summary>Mail that finds its way by a real DNS server to a real Postfix.</summary>
public sealed class MxTests
{
    [Fact]
    public async Task Host_of_the_lowest_preference_gets_the_mail_and_the_next_one_when_it_is_down()
    {
        var port = FreePort.Take();
        await using var second = await PostfixServer.StartAsync(new PostfixSettings { Address = "127.0.0.3", Port = port, Hostname = "second.test" });
        await using var dns = await DnsServer.StartAsync(
            DnsRecord.Mx("destination.test", 20, "second.destination.test"), DnsRecord.Address("second.destination.test", "127.0.0.3"),
            DnsRecord.Mx("destination.test", 10, "first.destination.test"), DnsRecord.Address("first.destination.test", "127.0.0.2"));
        await using var relay = await RelayServer.StartAsync("mx", RelayServer.Ways(dns, port));

        await relay.SubmitAsync(TestMessages.Create("plain text", TestMessages.NewSubject()), "bob@destination.test");
        await second.WaitForMessagesAsync(1);

        await using var first = await PostfixServer.StartAsync(new PostfixSettings { Address = "127.0.0.2", Port = port, Hostname = "first.test" });
        var subject = TestMessages.NewSubject();
        await Readiness.UntilAsync(
            async () =>
            {
                await relay.SubmitAsync(TestMessages.Create("plain text", subject), "bob@destination.test");
                return first.MessageCount > 0;
            },
            "mail at the first host, once it is up again and the connection to the second is of age",
            TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task Domain_without_mx_gets_its_mail_at_its_address()
    {
        await using var postfix = await PostfixServer.StartAsync(new PostfixSettings { Address = "127.0.0.2" });
        await using var dns = await DnsServer.StartAsync(DnsRecord.Address("destination.test", "127.0.0.2"));
        await using var relay = await RelayServer.StartAsync("mx", RelayServer.Ways(dns, postfix.Port));

        await relay.SubmitAsync(TestMessages.Create("plain text", TestMessages.NewSubject()), "bob@destination.test");

        await postfix.WaitForMessagesAsync(1);
    }

    [Fact]
    public async Task Domain_that_takes_no_mail_bounces_with_5_1_10()
    {
        await using var dns = await DnsServer.StartAsync(DnsRecord.NullMx("silent.test"));
        await using var relay = await RelayServer.StartAsync("mx", RelayServer.Ways(dns, FreePort.Take()));

        await relay.SubmitAsync(TestMessages.Create("plain text", TestMessages.NewSubject()), "bob@silent.test");

        var bounce = await relay.WaitForLocalAsync("ann");
        Assert.Contains("Status: 5.1.10", bounce.Text, StringComparison.Ordinal);
        Assert.Contains("Final-Recipient: rfc822; bob@silent.test", bounce.Text, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("<>", bounce.Header("Return-Path"));
    }

    [Fact]
    public async Task Peer_that_offers_starttls_gets_the_mail_over_tls()
    {
        await using var postfix = await PostfixServer.StartAsync(new PostfixSettings { Address = "127.0.0.2", Tls = true });
        await using var dns = await DnsServer.StartAsync(
            DnsRecord.Mx("destination.test", 10, "mx.destination.test"), DnsRecord.Address("mx.destination.test", "127.0.0.2"));
        await using var relay = await RelayServer.StartAsync("mx", RelayServer.Ways(dns, postfix.Port));

        await relay.SubmitAsync(TestMessages.Create("plain text", TestMessages.NewSubject()), "bob@destination.test");

        var stored = Assert.Single(await postfix.WaitForMessagesAsync(1));
        Assert.Contains("using TLSv1.3", stored.Trace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refused_recipient_bounces_with_the_words_of_Postfix()
    {
        await using var postfix = await PostfixServer.StartAsync(new PostfixSettings
        {
            Address = "127.0.0.2",
            Main = ["smtpd_recipient_restrictions = check_recipient_access inline:{ { nobody@destination.test = 550 5.1.1 There is nobody here } }"],
        });
        await using var dns = await DnsServer.StartAsync(
            DnsRecord.Mx("destination.test", 10, "mx.destination.test"), DnsRecord.Address("mx.destination.test", "127.0.0.2"));
        await using var relay = await RelayServer.StartAsync("mx", RelayServer.Ways(dns, postfix.Port));
        var subject = TestMessages.NewSubject();

        await relay.SubmitAsync(TestMessages.Create("plain text", subject), "nobody@destination.test");

        var bounce = await relay.WaitForLocalAsync("ann");
        Assert.Equal("<>", bounce.Header("Return-Path"));
        Assert.StartsWith("multipart/report", bounce.Header("Content-Type"), StringComparison.Ordinal);
        Assert.Contains("Status: 5.1.1", bounce.Text, StringComparison.Ordinal);
        Assert.Contains("Action: failed", bounce.Text, StringComparison.Ordinal);
        Assert.Contains("There is nobody here", bounce.Text, StringComparison.Ordinal);
        Assert.Contains(subject, bounce.Text, StringComparison.Ordinal);
    }
}
