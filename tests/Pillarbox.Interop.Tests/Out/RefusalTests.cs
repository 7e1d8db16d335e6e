using System.Net;
using System.Net.Sockets;
using Pillarbox.Peers;

namespace Pillarbox.Interop.Tests.Out;

/// <summary>Hosts that take no mail (RFC 7504) and domains that take none (RFC 7505), as real servers say so.</summary>
public sealed class RefusalTests
{
    // A Postfix that is told to judge its clients when they connect says what it thinks of them in place of the greeting.
    private static PostfixSettings TakesNoMail(string address, int port) => new()
    {
        Address = address,
        Port = port,
        Main = ["smtpd_delay_reject = no", "smtpd_client_restrictions = check_client_access static:{521 5.3.2 This host takes no mail}"],
    };

    private static DnsRecord[] Hosts(params (int Preference, string Address)[] hosts) =>
    [
        .. hosts.SelectMany<(int Preference, string Address), DnsRecord>(host =>
        [
            DnsRecord.Mx("destination.test", host.Preference, $"mx{host.Preference}.destination.test"),
            DnsRecord.Address($"mx{host.Preference}.destination.test", host.Address),
        ]),
    ];

    private static async Task<bool> IsOpenAsync(int port)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    [Fact]
    public async Task Next_host_gets_the_mail_that_one_which_greets_with_521_never_takes()
    {
        var port = FreePort.Take();
        await using var first = await PostfixServer.StartAsync(TakesNoMail("127.0.0.2", port));
        await using var second = await PostfixServer.StartAsync(new PostfixSettings { Address = "127.0.0.3", Port = port });
        await using var dns = await DnsServer.StartAsync(Hosts((10, "127.0.0.2"), (20, "127.0.0.3")));
        await using var relay = await RelayServer.StartAsync("mx", RelayServer.Ways(dns, port));

        await relay.SubmitAsync(TestMessages.Create("plain text", TestMessages.NewSubject()), "bob@destination.test");

        await second.WaitForMessagesAsync(1);
        Assert.Equal(0, first.MessageCount);
    }

    [Fact]
    public async Task Message_goes_back_when_every_host_greets_with_521()
    {
        await using var postfix = await PostfixServer.StartAsync(TakesNoMail("127.0.0.2", FreePort.Take()));
        await using var dns = await DnsServer.StartAsync(Hosts((10, "127.0.0.2")));
        await using var relay = await RelayServer.StartAsync("mx", RelayServer.Ways(dns, postfix.Port));

        await relay.SubmitAsync(TestMessages.Create("plain text", TestMessages.NewSubject()), "bob@destination.test");

        var bounce = await relay.WaitForLocalAsync("ann");
        Assert.Contains("Status: 5.3.2", bounce.Text, StringComparison.Ordinal);
        Assert.Matches("Diagnostic-Code: smtp; 521 5\\.[0-9.]+ .*This host takes no mail", bounce.Text);
    }

    [Fact]
    public async Task Domain_that_takes_no_mail_is_refused_at_mail_and_rcpt_where_that_is_asked_and_nobody_is_by_a_dns_that_is_down()
    {
        var port = FreePort.Take();
        var dns = await DnsServer.StartAsync(DnsRecord.NullMx("silent.test"));
        await using var relay = await RelayServer.StartAsync("mx", $"""
            {RelayServer.Ways(dns, FreePort.Take())}

            [[listeners]]
            name = "strict"
            address = "127.0.0.1:{port}"
            role = "submission"
            relay-from = ["127.0.0.0/8"]
            refuse-null-mx = true
            """);
        await Readiness.UntilAsync(() => IsOpenAsync(port), "the listener that looks domains up");
        await using var conversation = await SmtpConversation.ConnectAsync(port);
        await conversation.ExpectAsync("EHLO client.test", "250");

        await conversation.ExpectAsync("MAIL FROM:<ann@silent.test>", "550 5.7.27");
        await conversation.ExpectAsync("MAIL FROM:<ann@source.test>", "250");
        await conversation.ExpectAsync("RCPT TO:<bob@silent.test>", "556 5.1.10");
        await conversation.ExpectAsync("RCPT TO:<bob@other.test>", "250");
        await dns.DisposeAsync();
        await conversation.ExpectAsync("RCPT TO:<bob@more.test>", "250");
    }
}
