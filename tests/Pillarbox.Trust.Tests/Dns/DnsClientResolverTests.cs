using System.Net;
using System.Net.Sockets;
using Pillarbox.Peers;
using Pillarbox.Trust.Dns;

namespace Pillarbox.Trust.Tests.Dns;

/// <summary>The resolver against dnsmasq.</summary>
public sealed class DnsClientResolverTests
{
    private static CancellationToken Patience => TestContext.Current.CancellationToken;

    private static DnsClientResolver Ask(int port) => new(
        new DnsOptions { Servers = [new IPEndPoint(IPAddress.Loopback, port)], Retries = 1 }, TimeProvider.System);

    [Fact]
    public async Task Mail_exchangers_come_in_order_of_preference()
    {
        await using var server = await DnsServer.StartAsync(
            DnsRecord.Mx("example.test", 20, "mx2.example.test"), DnsRecord.Mx("example.test", 5, "mx1.example.test"));

        var answer = await Ask(server.Port).ResolveMxAsync("Example.TEST.", Patience);

        Assert.Equal(DnsOutcome.Found, answer.Outcome);
        Assert.Equal([new MailExchanger(5, "mx1.example.test"), new MailExchanger(20, "mx2.example.test")], answer.Records);
    }

    [Fact]
    public async Task Null_exchanger_has_an_empty_host()
    {
        await using var server = await DnsServer.StartAsync(DnsRecord.NullMx("nomail.test"));

        var answer = await Ask(server.Port).ResolveMxAsync("nomail.test", Patience);

        Assert.Equal([new MailExchanger(0, "")], answer.Records);
    }

    [Fact]
    public async Task Name_without_exchangers_has_no_data_and_a_name_that_is_not_there_does_not_exist()
    {
        await using var server = await DnsServer.StartAsync(DnsRecord.Address("host.test", "192.0.2.1"));
        var resolver = Ask(server.Port);

        Assert.Equal(DnsOutcome.NoData, (await resolver.ResolveMxAsync("host.test", Patience)).Outcome);
        Assert.Equal(DnsOutcome.NoSuchName, (await resolver.ResolveMxAsync("nobody.test", Patience)).Outcome);
        Assert.Equal(DnsOutcome.NoSuchName, (await resolver.ResolveAddressesAsync("nobody.test", Patience)).Outcome);
    }

    [Fact]
    public async Task Addresses_of_both_families_come_with_the_newer_one_first()
    {
        await using var server = await DnsServer.StartAsync(DnsRecord.Address("host.test", "192.0.2.1,2001:db8::1"), DnsRecord.Address("four.test", "192.0.2.4"));
        var resolver = Ask(server.Port);

        Assert.Equal([IPAddress.Parse("2001:db8::1"), IPAddress.Parse("192.0.2.1")], (await resolver.ResolveAddressesAsync("host.test", Patience)).Records);
        Assert.Equal([IPAddress.Parse("192.0.2.4")], (await resolver.ResolveAddressesAsync("four.test", Patience)).Records);
    }

    [Fact]
    public async Task Name_in_another_script_is_asked_for_in_ascii()
    {
        await using var server = await DnsServer.StartAsync(DnsRecord.Mx("xn--bcher-kva.test", 10, "mx.test"));

        var answer = await Ask(server.Port).ResolveMxAsync("Bücher.test", Patience);

        Assert.Equal([new MailExchanger(10, "mx.test")], answer.Records);
    }

    [Fact]
    public async Task Answer_too_large_for_a_datagram_comes_over_tcp_and_is_cut_to_the_limit()
    {
        var records = Enumerable.Range(1, 60).Select(i => DnsRecord.Mx("large.test", i, $"exchanger-number-{i}-with-a-long-name.example{i}.test"));
        await using var server = await DnsServer.StartAsync(records);

        var answer = await Ask(server.Port).ResolveMxAsync("large.test", Patience);

        Assert.Equal(DnsOutcome.Found, answer.Outcome);
        Assert.Equal(Enumerable.Range(1, DnsClientResolver.MaxExchangers), answer.Records.Select(record => (int)record.Preference));
    }

    [Theory]
    [InlineData(60, 1)]
    [InlineData(0, 2)]
    public async Task Answer_is_remembered_for_its_time_to_live(byte seconds, int questions)
    {
        using var server = new DatagramServer(query => OneExchanger(query, 0x8180, seconds));
        var resolver = Ask(server.Port);

        await resolver.ResolveMxAsync("example.test", Patience);
        var again = await resolver.ResolveMxAsync("example.test", Patience);

        Assert.Equal([new MailExchanger(10, "mx.tt")], again.Records);
        Assert.Equal(questions, server.Questions);
    }

    [Fact]
    public async Task Server_that_is_not_there_is_a_failure_with_words()
    {
        var answer = await Ask(FreePort.Take()).ResolveMxAsync("example.test", Patience);

        Assert.Equal(DnsOutcome.Failed, answer.Outcome);
        Assert.Contains("example.test", answer.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2)] // SERVFAIL
    [InlineData(5)] // REFUSED
    public async Task Refusal_is_a_failure_not_an_answer(byte code)
    {
        using var server = new DatagramServer(query => Header(query, flags: 0x8180, code));

        Assert.Equal(DnsOutcome.Failed, (await Ask(server.Port).ResolveMxAsync("example.test", Patience)).Outcome);
    }

    [Fact]
    public async Task Broken_answer_is_a_failure_not_an_exception()
    {
        using var server = new DatagramServer(query =>
        {
            // One answer, whose name points to itself.
            var answer = Header(query, flags: 0x8180, 0);
            answer[7] = 1;
            var at = answer.Length;
            return [.. answer, 0xc0, (byte)at, 0, 15, 0, 1, 0, 0, 0, 60, 0, 200, 1, 2];
        });

        Assert.Equal(DnsOutcome.Failed, (await Ask(server.Port).ResolveMxAsync("example.test", Patience)).Outcome);
    }

    [Theory]
    [InlineData(0x8180, false)]
    [InlineData(0x81a0, true)]
    public async Task Authenticated_data_flag_is_passed_on(int flags, bool expected)
    {
        using var server = new DatagramServer(query => OneExchanger(query, (ushort)flags, 60));

        var answer = await Ask(server.Port).ResolveMxAsync("example.test", Patience);

        Assert.Equal(DnsOutcome.Found, answer.Outcome);
        Assert.Equal(expected, answer.Authenticated);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a..b")]
    [InlineData("xn--a-very-long-label-that-has-more-octets-than-any-label-may-have-by-far.test")]
    public async Task What_is_no_name_does_not_exist_and_is_not_asked_for(string name)
    {
        using var server = new DatagramServer(_ => throw new InvalidOperationException("asked"));

        Assert.Equal(DnsOutcome.NoSuchName, (await Ask(server.Port).ResolveMxAsync(name, Patience)).Outcome);
        Assert.Equal(0, server.Questions);
    }

    private static byte[] OneExchanger(byte[] query, ushort flags, byte seconds)
    {
        var answer = Header(query, flags, 0);
        answer[7] = 1;
        return [.. answer, 0xc0, 12, 0, 15, 0, 1, 0, 0, 0, seconds, 0, 9, 0, 10, .. "\x02mx\x02tt\0"u8];
    }

    // The query's header and question with other flags, and without its additional records.
    private static byte[] Header(byte[] query, ushort flags, byte code)
    {
        var end = 12;
        while (query[end] != 0)
            end += query[end] + 1;
        var answer = query[..(end + 5)];
        answer[2] = (byte)(flags >> 8);
        answer[3] = (byte)((flags & 0xf0) | code);
        answer[10] = answer[11] = 0;
        return answer;
    }

    /// <summary>Answers what no DNS server answers.</summary>
    private sealed class DatagramServer : IDisposable
    {
        private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));

        public DatagramServer(Func<byte[], byte[]> answer) => _ = ServeAsync(answer);

        public int Port => ((IPEndPoint)_socket.Client.LocalEndPoint!).Port;

        public int Questions { get; private set; }

        public void Dispose() => _socket.Dispose();

        private async Task ServeAsync(Func<byte[], byte[]> answer)
        {
            try
            {
                while (true)
                {
                    var question = await _socket.ReceiveAsync();
                    Questions++;
                    await _socket.SendAsync(answer(question.Buffer), question.RemoteEndPoint);
                }
            }
            catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
            {
                // The test is over.
            }
        }
    }
}
