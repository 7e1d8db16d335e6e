using System.Net;

namespace Pillarbox.Peers;

/// <summary>Postfix's smtp-sink: takes all mail, and keeps it when told to.</summary>
public sealed class SmtpSink : IAsyncDisposable
{
    private readonly ChildProcess _process;
    private readonly TempDirectory? _directory;

    private SmtpSink(ChildProcess process, TempDirectory? directory, int port)
    {
        _process = process;
        _directory = directory;
        Port = port;
    }

    /// <summary>Its port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Starts one.</summary>
    /// <param name="keep">Whether each transaction is written to a file.</param>
    /// <param name="options">More of its options, such as <c>-8</c> (no 8BITMIME) or <c>-f RCPT</c> (fail that command).</param>
    public static async Task<SmtpSink> StartAsync(bool keep = false, params string[] options)
    {
        var port = FreePort.Take();
        var directory = keep ? new TempDirectory("sink") : null;
        string[] dump = directory is null ? [] : ["-d", directory["message."]];
        var process = ChildProcess.Start(Command.Find("smtp-sink"), ["-u", Environment.UserName, .. dump, .. options, $"127.0.0.1:{port}", "1024"]);
        try
        {
            await Readiness.UntilListensAsync(new IPEndPoint(IPAddress.Loopback, port), process);
            return new SmtpSink(process, directory, port);
        }
        catch
        {
            await process.DisposeAsync();
            directory?.Dispose();
            throw;
        }
    }

    /// <summary>The transactions kept so far: headers of its own (X-Mail-Args and the like), then the message, with LF.</summary>
    public IReadOnlyList<StoredMessage> Messages() =>
        _directory is null
            ? throw new InvalidOperationException("This smtp-sink keeps nothing.")
            : [.. Directory.GetFiles(_directory.Path, "message.*").Select(StoredMessage.Read)];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _directory?.Dispose();
    }
}

/// <summary>Postfix's smtp-source: sends many messages.</summary>
public static class SmtpSource
{
    /// <summary>Sends messages to a port on 127.0.0.1, and waits until all were acknowledged.</summary>
    /// <param name="port">Where.</param>
    /// <param name="messages">How many.</param>
    /// <param name="sessions">In how many sessions at once.</param>
    /// <param name="length">Octets of each.</param>
    /// <param name="keepConnections">Whether a connection serves many messages.</param>
    /// <param name="from">The sender.</param>
    /// <param name="to">The recipient.</param>
    public static async Task RunAsync(
        int port, int messages, int sessions = 10, int length = 1024, bool keepConnections = true,
        string from = "sender@source.test", string to = "recipient@sink.test")
    {
        string[] kept = keepConnections ? ["-d"] : [];
        (await Command.RunAsync(
            Command.Find("smtp-source"),
            [.. kept, "-s", $"{sessions}", "-m", $"{messages}", "-l", $"{length}", "-f", from, "-t", to, $"127.0.0.1:{port}"],
            timeout: TimeSpan.FromMinutes(5))).Checked();
    }
}
