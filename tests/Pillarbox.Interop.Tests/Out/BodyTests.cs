using Pillarbox.Peers;

namespace Pillarbox.Interop.Tests.Out;

/// <summary>Bodies that servers have been seen to change, on their way by MX to a Postfix.</summary>
public sealed class BodyTests(BodyTests.Way way) : IClassFixture<BodyTests.Way>
{
    public static TheoryData<string> Names => [.. TestMessages.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Message_arrives_byte_for_byte_at_the_host_that_the_mx_names(string name)
    {
        var subject = TestMessages.NewSubject();
        var message = TestMessages.Create(name, subject);

        await way.Relay.SubmitAsync(message, "bob@destination.test");

        StoredMessage? stored = null;
        await Readiness.UntilAsync(
            () => (stored = way.Postfix.Messages().FirstOrDefault(one => one.Header("Subject") == subject)) is not null, "the message at Postfix");
        Assert.Equal(message, stored!.AsSent);
        Assert.Equal("<ann@source.test>", stored.Header("Return-Path"));
        Assert.Contains("by relay.test", stored.Trace, StringComparison.Ordinal);
        Assert.Contains("mx.destination.test", way.Dns.Log, StringComparison.Ordinal);
    }

    /// <summary>Pillarbox, the DNS server that it asks, and the Postfix that it is led to.</summary>
    public sealed class Way : IAsyncLifetime
    {
        private RelayServer? _relay;

        /// <summary>Receives.</summary>
        public PostfixServer Postfix { get; private set; } = null!;

        /// <summary>Tells where.</summary>
        public DnsServer Dns { get; private set; } = null!;

        /// <summary>Sends.</summary>
        internal RelayServer Relay => _relay!;

        /// <inheritdoc/>
        public async ValueTask InitializeAsync()
        {
            Postfix = await PostfixServer.StartAsync(new PostfixSettings { Address = "127.0.0.2" });
            Dns = await DnsServer.StartAsync(
                DnsRecord.Mx("destination.test", 10, "mx.destination.test"), DnsRecord.Address("mx.destination.test", "127.0.0.2"));
            _relay = await RelayServer.StartAsync("mx", RelayServer.Ways(Dns, Postfix.Port));
        }

        /// <inheritdoc/>
        public async ValueTask DisposeAsync()
        {
            if (_relay is not null)
                await _relay.DisposeAsync();
            if (Dns is not null)
                await Dns.DisposeAsync();
            if (Postfix is not null)
                await Postfix.DisposeAsync();
        }
    }
}
