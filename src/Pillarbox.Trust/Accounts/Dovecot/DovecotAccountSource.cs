using System.Collections.Frozen;

namespace Pillarbox.Trust.Accounts.Dovecot;

/// <summary>
/// Accounts of a Dovecot, asked over the socket of its authentication service. One connection serves all logins; where it breaks, the next
/// login makes another.
/// </summary>
public sealed class DovecotAccountSource : IAccountSource, IAsyncDisposable
{
    private readonly string _socket;
    private readonly SourceCalls _calls;
    private readonly SemaphoreSlim _opening = new(1, 1);
    private DovecotConnection? _connection;

    /// <param name="socket">The path of the socket, of the kind <c>auth-client</c>.</param>
    /// <param name="limit">How long an answer may take.</param>
    /// <param name="report">Told, in one line, of what is wrong with Dovecot.</param>
    /// <param name="time">The clock.</param>
    public DovecotAccountSource(string socket, TimeSpan limit, Action<string> report, TimeProvider time)
    {
        _socket = socket;
        _calls = new SourceCalls($"accounts.dovecot: {socket}", limit, report, time);
    }

    /// <inheritdoc/>
    public IReadOnlySet<string> Mechanisms { get; } = FrozenSet.Create("PLAIN", "LOGIN");

    /// <inheritdoc/>
    public ValueTask<LoginAnswer> VerifyPasswordAsync(string name, string password, CancellationToken cancellationToken = default) =>
        VerifyPasswordAsync(name, password, default, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<LoginAnswer> VerifyPasswordAsync(string name, string password, LoginClient client, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(password);

        // PLAIN parts them by NUL (RFC 4616 §2); a name that holds one would be another's, and an empty one is nobody's.
        if (name.Length == 0 || name.Contains('\0', StringComparison.Ordinal) || password.Contains('\0', StringComparison.Ordinal))
            return new LoginAnswer(LoginOutcome.Refused);
        var answer = await _calls.TryAsync(
            async cancel => new Answer((await (await ConnectedAsync(cancel)).AskAsync(name, password, client, cancel)).Answer()), cancellationToken);
        return answer?.Login ?? new LoginAnswer(LoginOutcome.Unavailable);
    }

    /// <inheritdoc/>
    /// <exception cref="SourceException">Always: that socket tells of no recipients.</exception>
    public ValueTask<bool> HasRecipientAsync(string localPart, string domain, CancellationToken cancellationToken = default) =>
        throw new SourceException("Dovecot's socket for logins does not tell which recipients there are");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _connection, null) is { } connection)
            await connection.DisposeAsync();
    }

    private async Task<DovecotConnection> ConnectedAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _connection) is { IsOpen: true } open)
            return open;
        await _opening.WaitAsync(cancellationToken);
        try
        {
            if (_connection is { IsOpen: true } meanwhile)
                return meanwhile;
            var connection = await DovecotConnection.OpenAsync(_socket, cancellationToken);
            Volatile.Write(ref _connection, connection);
            return connection;
        }
        finally
        {
            _opening.Release();
        }
    }

    private sealed record Answer(LoginAnswer Login);
}
