using Pillarbox.Peers;

namespace Pillarbox.EndToEnd.Tests.Durability;

/// <summary>A configured server, its directory and its ports; started as often as a test likes.</summary>
internal sealed class TestServer : IDisposable
{
    private readonly TempDirectory _directory = new("endtoend");
    private readonly int _console = FreePort.Take();

    /// <summary>Where SMTP is spoken; anyone may send to the domains below.</summary>
    public int Port { get; } = FreePort.Take();

    /// <summary>Where the next hop of <c>sink.test</c> is expected.</summary>
    public int SinkPort { get; } = FreePort.Take();

    /// <summary>Where the next hop of <c>later.test</c> is expected.</summary>
    public int LaterPort { get; } = FreePort.Take();

    /// <summary>Its queue.</summary>
    public string Queue => _directory["data/queue"];

    /// <summary>The files of large bodies.</summary>
    public string Bodies => _directory["data/queue/bodies"];

    /// <summary>The maildir of <c>x@box.test</c>.</summary>
    public string Maildir => _directory["mail/x"];

    /// <summary>A place for a test's own files.</summary>
    public string this[string name] => _directory[name];

    /// <summary>Starts it, and waits until it listens.</summary>
    public Task<PillarboxProcess> StartAsync(params string[] wrapper) => PillarboxProcess.ServeAsync(
        _directory,
        $"""
        hostname = "mx.pillarbox.test"
        data = "{_directory["data"]}"

        [[listeners]]
        name = "inbound"
        address = "127.0.0.1:{Port}"
        role = "inbound"
        tls = "none"
        auth = "none"

        [[domains]]
        name = "sink.test"
        deliver = "smtp://127.0.0.1:{SinkPort}"

        [[domains]]
        name = "later.test"
        deliver = "smtp://127.0.0.1:{LaterPort}"

        [[domains]]
        name = "box.test"
        deliver = "maildir:{_directory["mail"]}/{"{local}"}"

        [queue]
        retry = ["1s", "2s"]

        [console]
        address = "127.0.0.1:{_console}"
        """,
        new PillarboxSettings { Ports = [Port], Wrapper = wrapper });

    /// <inheritdoc/>
    public void Dispose() => _directory.Dispose();
}
