using System.Net;
using System.Text.Json;

using Pillarbox.Peers;

namespace Pillarbox.Interop.Tests.In;

/// <summary>Clients behind a balancer that speaks the PROXY protocol, and behind a peer that speaks for them with XCLIENT.</summary>
public sealed class BalancerTests(BalancerTests.BehindBalancer server) : IClassFixture<BalancerTests.BehindBalancer>
{
    [Theory]
    [InlineData("send-proxy")]
    [InlineData("send-proxy-v2")]
    [InlineData("send-proxy-v2-ssl")]
    public async Task Client_behind_haproxy_is_known_by_its_own_address(string option)
    {
        using var directory = new TempDirectory("haproxy");
        var port = FreePort.Take();
        var file = directory.Write("haproxy.cfg", $"""
            defaults
              mode tcp
              timeout connect 10s
              timeout client 60s
              timeout server 60s
            listen mail
              bind 127.0.0.1:{port}
              server pillarbox 127.0.0.1:{server.ProxyPort} {option}

            """);
        await using var haproxy = ChildProcess.Start(Command.Find("haproxy"), ["-f", file]);
        await Readiness.UntilListensAsync(new IPEndPoint(IPAddress.Loopback, port), haproxy);

        // Each has an address of its own on loopback.
        var client = $"127.0.7.{option.Length}";
        await SwaksAsync("--server", $"127.0.0.1:{port}", "--local-interface", client);
        await server.UntilSessionOfAsync(client);
    }

    [Theory]
    [InlineData("192.0.2.7")]
    [InlineData("IPV6:2001:db8::7")]
    public async Task Client_that_swaks_speaks_for_is_known_by_its_own_address(string address)
    {
        await SwaksAsync("--server", $"127.0.0.1:{server.XclientPort}", "--xclient-addr", address, "--xclient-name", "client.example", "--xclient-login", "ann");
        await server.UntilSessionOfAsync(address.Replace("IPV6:", "", StringComparison.Ordinal));
    }

    private static async Task SwaksAsync(params string[] arguments) =>
        (await Command.RunAsync(Command.Find("swaks"), [.. arguments, "--from", "ann@source.test", "--to", "bob@destination.test"])).Checked();

    /// <summary>The server of these tests: it keeps all that comes.</summary>
    public sealed class BehindBalancer : IAsyncLifetime
    {
        private readonly TempDirectory _directory = new("balanced");
        private readonly HttpClient _http = new();
        private PillarboxProcess? _process;

        /// <summary>Where a balancer is expected.</summary>
        public int ProxyPort { get; } = FreePort.Take();

        /// <summary>Where XCLIENT may be used.</summary>
        public int XclientPort { get; } = FreePort.Take();

        /// <summary>Waits until a session of that client is over.</summary>
        public Task UntilSessionOfAsync(string client) => Readiness.UntilAsync(
            async () =>
            {
                using var list = JsonDocument.Parse(await _http.GetStringAsync("/api/sessions"));
                return list.RootElement.GetProperty("sessions").EnumerateArray().Any(session =>
                    session.GetProperty("client").GetString() == client && session.GetProperty("ended").ValueKind != JsonValueKind.Null);
            },
            $"a session of {client}");

        /// <inheritdoc/>
        public async ValueTask InitializeAsync()
        {
            var console = FreePort.Take();
            _http.BaseAddress = new Uri($"http://127.0.0.1:{console}");
            var configuration = $"""
                hostname = "mx.test"
                data = "{_directory["data"]}"

                [[listeners]]
                name = "balanced"
                address = "127.0.0.1:{ProxyPort}"
                role = "capture"
                proxy-from = ["127.0.0.1"]

                [[listeners]]
                name = "spoken-for"
                address = "127.0.0.1:{XclientPort}"
                role = "capture"
                xclient-from = ["127.0.0.1"]

                [console]
                address = "127.0.0.1:{console}"
                """;
            _process = await PillarboxProcess.ServeAsync(_directory, configuration, new PillarboxSettings { Ports = [ProxyPort, XclientPort, console] });
        }

        /// <inheritdoc/>
        public async ValueTask DisposeAsync()
        {
            if (_process is not null)
                await _process.DisposeAsync();

            _http.Dispose();
            _directory.Dispose();
        }
    }
}
