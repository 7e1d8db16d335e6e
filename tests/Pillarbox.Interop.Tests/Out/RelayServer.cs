using Pillarbox.Peers;

namespace Pillarbox.Interop.Tests.Out;

/// <summary>
/// Pillarbox as a relay for loopback: what is for <c>source.test</c> it keeps in a maildir (there bounces arrive), all else goes by the route of the test.
/// </summary>
internal sealed class RelayServer : IAsyncDisposable
{
    private readonly TempDirectory _directory;
    private readonly PillarboxProcess _process;

    private RelayServer(TempDirectory directory, PillarboxProcess process, int port)
    {
        _directory = directory;
        _process = process;
        Port = port;
    }

    /// <summary>Where it is spoken to.</summary>
    public int Port { get; }

    /// <summary>Starts one.</summary>
    /// <param name="via">The route of all mail that is not for <c>source.test</c>.</param>
    /// <param name="more">More of the configuration: tables beside those of listeners, domains, routes, queue and console.</param>
    /// <param name="language">The language of its reports.</param>
    public static async Task<RelayServer> StartAsync(string via, string more = "", string language = "en")
    {
        var directory = new TempDirectory("relay");
        try
        {
            var (port, console) = (FreePort.Take(), FreePort.Take());
            var process = await PillarboxProcess.ServeAsync(
                directory,
                $$"""
                hostname = "relay.test"
                data = "{{directory["data"]}}"
                language = "{{language}}"

                [[listeners]]
                name = "relay"
                address = "127.0.0.1:{{port}}"
                role = "submission"
                tls = "none"
                auth = "none"
                relay-from = ["127.0.0.0/8"]

                [[domains]]
                name = "source.test"
                deliver = "maildir:{{directory["mail"]}}/{local}"

                [[routes]]
                to = "*"
                via = "{{via}}"

                [queue]
                retry = ["1s", "2s", "5s"]

                [console]
                address = "127.0.0.1:{{console}}"

                {{more}}
                """,
                new PillarboxSettings { Ports = [port, console] });
            return new RelayServer(directory, process, port);
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }

    /// <summary>Configuration that leads mail by a DNS server to hosts that listen on a port of their own.</summary>
    public static string Ways(DnsServer dns, int port) => $"""
        [dns]
        servers = ["127.0.0.1:{dns.Port}"]

        [delivery]
        port = {port}
        """;

    /// <summary>Hands over a message; the reply to it must be 250.</summary>
    public async Task SubmitAsync(byte[] message, string to, string from = "ann@source.test", string parameters = "BODY=8BITMIME")
    {
        await using var conversation = await SmtpConversation.ConnectAsync(Port);
        await conversation.ExpectAsync("EHLO client.test", "250");
        var reply = await conversation.TransactAsync(message, from, to, parameters);
        Assert.StartsWith("250 2.0.0 ", reply, StringComparison.Ordinal);
    }

    /// <summary>Waits for a message in the maildir of a local part of <c>source.test</c>.</summary>
    public async Task<StoredMessage> WaitForLocalAsync(string localPart)
    {
        var directory = _directory[$"mail/{localPart}/new"];
        await Readiness.UntilAsync(() => Directory.Exists(directory) && Directory.GetFiles(directory).Length > 0, $"mail for {localPart}@source.test");
        return StoredMessage.Read(Directory.GetFiles(directory)[0]);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _directory.Dispose();
    }
}
