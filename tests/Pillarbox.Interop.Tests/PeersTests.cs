using System.Text;

using Pillarbox.Peers;

namespace Pillarbox.Interop.Tests;

/// <summary>The peers by themselves: when one of these fails, it is not our server.</summary>
public sealed class PeersTests
{
    [Fact]
    public async Task Postfix_relays_to_another_which_keeps_the_message()
    {
        await using var receiving = await PostfixServer.StartAsync();
        await using var sending = await PostfixServer.StartAsync(new PostfixSettings { RelayHost = $"[127.0.0.1]:{receiving.Port}" });

        await SmtpSource.RunAsync(sending.Port, messages: 20);

        var messages = await receiving.WaitForMessagesAsync(20);
        Assert.All(messages, message => Assert.Equal("<sender@source.test>", message.Header("Return-Path")));
        Assert.All(messages, message => Assert.StartsWith("From: ", Encoding.Latin1.GetString(message.AsSent), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Postfix_asks_Dovecot_and_refuses_a_wrong_password()
    {
        var password = Guid.NewGuid().ToString("N");
        await using var accounts = await DovecotAuth.StartAsync("ann", password);
        await using var server = await PostfixServer.StartAsync(new PostfixSettings { Accounts = accounts, Tls = true });

        var good = await Command.RunAsync("swaks", Arguments(server.Port, password));
        var bad = await Command.RunAsync("swaks", Arguments(server.Port, "wrong"));

        Assert.True(good.Status == 0, good.ToString());
        Assert.Contains("<~  235 2.7.0", good.Output, StringComparison.Ordinal);
        Assert.Contains("<~* 535 5.7.8", bad.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dnsmasq_tells_preference_and_null_mx()
    {
        await using var server = await DnsServer.StartAsync(
            DnsRecord.Mx("example.test", 10, "mx1.example.test"), DnsRecord.Address("mx1.example.test", "127.0.0.2"), DnsRecord.NullMx("silent.test"));

        var client = new DnsClient.LookupClient(System.Net.IPAddress.Loopback, server.Port);
        var mx = await client.QueryAsync("example.test", DnsClient.QueryType.MX, cancellationToken: TestContext.Current.CancellationToken);
        var none = await client.QueryAsync("silent.test", DnsClient.QueryType.MX, cancellationToken: TestContext.Current.CancellationToken);
        var unknown = await client.QueryAsync("nobody.test", DnsClient.QueryType.MX, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("mx1.example.test.", Assert.Single(mx.Answers.OfType<DnsClient.Protocol.MxRecord>()).Exchange.Value);
        Assert.Equal(".", Assert.Single(none.Answers.OfType<DnsClient.Protocol.MxRecord>()).Exchange.Value);
        Assert.Equal(DnsClient.DnsHeaderResponseCode.NotExistentDomain, unknown.Header.ResponseCode);
    }

    private static string[] Arguments(int port, string password) =>
    [
        "--server", $"127.0.0.1:{port}", "--tls", "--auth", "PLAIN", "--auth-user", "ann", "--auth-password", password,
        "--from", "ann@source.test", "--to", "bob@postfix.test",
    ];
}
