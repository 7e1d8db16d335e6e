
namespace Pillarbox.Delivery.Client;

/// <summary>Either a session, ready for messages, or why there is none.</summary>
/// <param name="Session">The session.</param>
/// <param name="Failure">What stood in the way: never delivered, and transient unless our own settings are at fault.</param>
/// <param name="NoTls">Whether it was the encryption that could not be had: it is not offered, or its handshake failed though the connection held.</param>
public readonly record struct SmtpConnectOutcome(SmtpClientSession? Session, Verdict? Failure, bool NoTls = false);

/// <summary>
/// A session with another server: many messages over one connection. What the server says are values; an exception is a fault of ours.
/// Used by one caller at a time.
/// </summary>
public sealed class SmtpClientSession : IAsyncDisposable
{
    private readonly SmtpConnection _connection;
    private readonly SmtpClientOptions _options;
    private readonly HopLimits _limits;
    private readonly SmtpTransaction _transaction;

    private SmtpClientSession(SmtpConnection connection, SmtpClientOptions options, SmtpCapabilities capabilities, string? tlsFailure)
    {
        _connection = connection;
        _options = options;
        Capabilities = capabilities;
        TlsFailure = tlsFailure;
        _limits = new HopLimits(capabilities.Limits, connection.Host);
        _transaction = new SmtpTransaction(connection, options, capabilities, _limits);
    }

    /// <summary>What the server offers now.</summary>
    public SmtpCapabilities Capabilities { get; }

    /// <summary>The server's name as looked up.</summary>
    public string Host => _connection.Host;

    /// <summary>Whether the session is encrypted.</summary>
    public bool IsEncrypted => _connection.IsEncrypted;

    /// <summary>Whether it is encrypted to the server that its certificate names, as an authority has certified: what mail under REQUIRETLS needs.</summary>
    public bool IsVerified => _connection.IsVerified;

    /// <summary>Why the session is not encrypted though the server offered it, where that is so.</summary>
    public string? TlsFailure { get; }

    /// <summary>How many messages went over the session.</summary>
    public int Messages { get; private set; }

    /// <summary>Whether another message may follow.</summary>
    public bool IsUsable => !_transaction.IsOver;

    /// <summary>Whether the session takes another message by what the server said of its limits (RFC 9422); with another session it may go.</summary>
    public bool Takes(OutgoingMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return _limits.Take(message, Messages);
    }

    /// <summary>What keeps a message under REQUIRETLS from going over this session, or <see langword="null"/>.</summary>
    internal Verdict? Unfit(OutgoingMessage message) =>
        message.Requests.RequireTls ? Suitability.Protection(message, Hop.Of(_connection, _options, Capabilities)) : null;

    /// <summary>
    /// Whether the last message found that the server had ended the session before it: nothing of the message was taken, and another
    /// session should be tried at once. Only a session that has rested is ever found so.
    /// </summary>
    public bool WasStale => _transaction.WasStale;

    /// <summary>Connects, and does all that comes ahead of the first message: greeting, EHLO, STARTTLS, AUTH.</summary>
    public static async Task<SmtpConnectOutcome> ConnectAsync(
        SmtpServerAddress server, SmtpClientOptions options, TimeProvider time, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(server);
        ArgumentNullException.ThrowIfNull(options);
        var outcome = await SmtpOpening.TryAsync(server, options, time, cancellationToken);
        if (!outcome.TlsFailed || options.Tls != TlsMode.Opportunistic)
            return Finish(outcome, options, tlsFailure: null);

        // RFC 7435: encryption that cannot be had does not keep mail back where it was only opportunistic. The failed
        // handshake left the connection in an unknown state, so another is made; it never goes on in clear on the same.
        options.Observer?.Note($"{outcome.Failure}; once more without TLS");
        var inClear = await SmtpOpening.TryAsync(server, options with { Tls = TlsMode.None }, time, cancellationToken);
        return Finish(inClear, options, outcome.Failure?.Text);
    }

    /// <summary>Sends a message in a transaction of its own.</summary>
    /// <returns>A verdict for each recipient, in their order.</returns>
    public async ValueTask<Verdict[]> SendAsync(OutgoingMessage message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        using var abort = cancellationToken.UnsafeRegister(static connection => ((SmtpConnection)connection!).Abort(), _connection);
        var verdicts = await _transaction.RunAsync(message, mayBeStale: Messages > 0);
        Messages++;
        _connection.Rest();
        return verdicts;
    }

    /// <summary>Whether the server has said something, or hung up, while nothing was asked of it: the session is over then.</summary>
    public bool HasUnexpectedInput => _connection.HasUnexpectedInput;

    /// <summary>Says QUIT, waits shortly for the reply, and closes.</summary>
    public async ValueTask QuitAsync()
    {
        if (IsUsable)
        {
            try
            {
                await _connection.WriteCommandAsync("QUIT");
                await _connection.FlushAsync();
                await _connection.ReadReplyAsync(_options.Timeouts.Quit);
            }
            catch (Exception fault) when (fault is ConnectionLostException or FormatException)
            {
                // Every message has its outcome already; how the goodbye went changes none.
                _options.Observer?.Note($"QUIT: {fault.Message}");
            }
        }

        await DisposeAsync();
    }

    /// <summary>Closes without a word.</summary>
    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private static SmtpConnectOutcome Finish(SmtpOpening.Outcome outcome, SmtpClientOptions options, string? tlsFailure) =>
        outcome.Connection is { } connection
            ? new(new SmtpClientSession(connection, options, outcome.Capabilities, tlsFailure), null)
            : new(null, outcome.Failure, outcome.TlsFailed && !outcome.WasLost);
}
