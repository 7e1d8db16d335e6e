using Pillarbox.Peers;

namespace Pillarbox.Interop.Tests.Out;

/// <summary>Bodies that servers have been seen to change, on their way by MX to servers of other makes.</summary>
public sealed class BodyTests(BodyTests.Way way) : IClassFixture<BodyTests.Way>
{
    public static TheoryData<string, string> ServersAndMessages => Servers.WithMessages(Servers.Receiving.Keys);

    [Theory]
    [MemberData(nameof(ServersAndMessages))]
    public async Task Message_arrives_byte_for_byte_at_the_host_that_the_mx_names(string server, string name)
    {
        var subject = TestMessages.NewSubject();
        var message = TestMessages.Create(name, subject);

        await way.Relay.SubmitAsync(message, $"bob@{server}.test");

        var stored = await way.Receiving[server].WaitForMessageAsync(subject);
        Assert.Equal(message, stored.AsSent);
        Assert.Equal("<ann@source.test>", stored.Header("Return-Path"));
        Assert.Contains("by relay.test", stored.Trace, StringComparison.Ordinal);
        Assert.Contains($"mx.{server}.test", way.Dns.Log, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Pillarbox, the DNS server that it asks, and one server of each make, the domain of which has its name.</summary>
    public sealed class Way : IAsyncLifetime
    {
        private readonly Dictionary<string, MailServer> _receiving = [];
        private RelayServer? _relay;

        /// <summary>Receive.</summary>
        public IReadOnlyDictionary<string, MailServer> Receiving => _receiving;

        /// <summary>Tells where.</summary>
        public DnsServer Dns { get; private set; } = null!;

        /// <summary>Sends.</summary>
        internal RelayServer Relay => _relay!;

        /// <inheritdoc/>
        public async ValueTask InitializeAsync()
        {
            var port = FreePort.Take();
            var records = new List<DnsRecord>();
            foreach (var (name, start) in Servers.Receiving)
            {
                var address = $"127.0.0.{2 + _receiving.Count}";
                records.AddRange([DnsRecord.Mx($"{name}.test", 10, $"mx.{name}.test"), DnsRecord.Address($"mx.{name}.test", address)]);
                _receiving[name] = await start(new PeerSettings { Address = address, Port = port });
            }

            Dns = await DnsServer.StartAsync(records);
            _relay = await RelayServer.StartAsync("mx", RelayServer.Ways(Dns, port));
        }

        /// <inheritdoc/>
        public async ValueTask DisposeAsync()
        {
            if (_relay is not null)
                await _relay.DisposeAsync();
            if (Dns is not null)
                await Dns.DisposeAsync();
            foreach (var server in _receiving.Values)
                await server.DisposeAsync();
        }
    }
}
