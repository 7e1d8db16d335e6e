namespace Pillarbox.Peers;

/// <summary>A mail server of another make, as a process of its own: it relays to one server, or keeps all in a maildir.</summary>
public abstract class MailServer : IAsyncDisposable
{
    private readonly ChildProcess _process;
    private readonly string _name;
    private bool _disposed;

    /// <summary>Takes over a server that listens.</summary>
    private protected MailServer(string name, ChildProcess process, TempDirectory directory, string address, int port)
    {
        _name = name;
        _process = process;
        Files = directory;
        Address = address;
        Port = port;
    }

    /// <summary>The loopback address on which it listens.</summary>
    public string Address { get; }

    /// <summary>Its SMTP port.</summary>
    public int Port { get; }

    /// <summary>Its log so far.</summary>
    public abstract string Log { get; }

    /// <summary>How many messages are in its maildir.</summary>
    public int MessageCount => Directory.Exists(Box) ? Directory.GetFiles(Box).Length : 0;

    /// <summary>Its files; its maildir is <c>mail/box</c>.</summary>
    private protected TempDirectory Files { get; }

    /// <summary>What it wrote to its standard streams.</summary>
    private protected string Output => _process.Output;

    private string Box => Files["mail/box/new"];

    /// <summary>The messages in its maildir, oldest first.</summary>
    public IReadOnlyList<StoredMessage> Messages() =>
        Directory.Exists(Box)
            ? [.. new DirectoryInfo(Box).GetFiles().OrderBy(file => file.LastWriteTimeUtc).Select(file => StoredMessage.Read(file.FullName))]
            : [];

    /// <summary>Waits until that many messages are in its maildir.</summary>
    public async Task<IReadOnlyList<StoredMessage>> WaitForMessagesAsync(int count, TimeSpan? limit = null)
    {
        await Readiness.UntilAsync(() => MessageCount >= count, $"{count} messages in the maildir of {_name}", limit ?? TimeSpan.FromMinutes(2));
        return Messages();
    }

    /// <summary>Waits for a message with that subject in its maildir.</summary>
    public async Task<StoredMessage> WaitForMessageAsync(string subject)
    {
        StoredMessage? found = null;
        await Readiness.UntilAsync(
            () => (found = Messages().FirstOrDefault(message => message.Header("Subject") == subject)) is not null,
            $"{subject} in the maildir of {_name}", TimeSpan.FromMinutes(2));
        return found!;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;

        _disposed = true;
        GC.SuppressFinalize(this);
        TestLog.Write($"{_name} on {Address}:{Port}", Log);
        await _process.DisposeAsync();
        Files.Dispose();
    }
}
