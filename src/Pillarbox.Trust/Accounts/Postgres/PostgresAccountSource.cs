using System.Collections.Frozen;
using System.Security.Cryptography;
using Npgsql;

namespace Pillarbox.Trust.Accounts.Postgres;

/// <summary>Accounts of a PostgreSQL database. It need not be there yet: logins get 454 until it answers.</summary>
public sealed class PostgresAccountSource : IAccountSource, IAsyncDisposable, IDisposable
{
    private const int MaxWaiting = 256;

    private static readonly int Checkers = Math.Clamp(Environment.ProcessorCount / 2, 1, 8);

    private readonly PostgresOptions _options;
    private readonly NpgsqlDataSource _database;
    private readonly SourceCalls _calls;
    private readonly PasswordWorkers _workers = new(Checkers, MaxWaiting);
    private readonly byte[] _nobodyKey = RandomNumberGenerator.GetBytes(32);

    // Forms that nothing fits, of the cost that the account asked for last has: accounts of one database are alike.
    private AccountSecrets _nobody = AccountSecrets.None.ForNobody();
    private AccountSecrets _like = AccountSecrets.None;

    /// <param name="options">Where, and what is asked.</param>
    /// <param name="limit">How long an answer of the database may take.</param>
    /// <param name="report">Told, in one line, of what is wrong with the database.</param>
    /// <param name="time">The clock.</param>
    public PostgresAccountSource(PostgresOptions options, TimeSpan limit, Action<string> report, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _calls = new SourceCalls("accounts.postgres", limit, report, time);
        Mechanisms = options.Mechanisms.SelectMany(each => each.StartsWith("SCRAM-", StringComparison.Ordinal) ? new[] { each, each + "-PLUS" } : [each])
            .Concat(VouchedLogin.Mechanisms).ToFrozenSet();
        var connection = new NpgsqlConnectionStringBuilder(options.Connection) { MaxPoolSize = options.Connections, MinPoolSize = 0 };
        var seconds = Math.Max(1, (int)Math.Ceiling(limit.TotalSeconds));
        connection.Timeout = seconds;
        connection.CommandTimeout = seconds;
        connection.CancellationTimeout = 1000;
        connection.ApplicationName ??= "pillarbox";
        var builder = new NpgsqlDataSourceBuilder(connection.ConnectionString);
        if (options.PasswordFile is { } file)
            builder.UsePasswordProvider(_ => OneLine(File.ReadAllText(file)), async (_, cancel) => OneLine(await File.ReadAllTextAsync(file, cancel)));
        _database = builder.Build();
    }

    /// <inheritdoc/>
    public IReadOnlySet<string> Mechanisms { get; }

    /// <inheritdoc/>
    public int ChecksAtOnce => Checkers;

    /// <inheritdoc/>
    public async ValueTask<LoginAnswer> VerifyPasswordAsync(string name, string password, CancellationToken cancellationToken = default)
    {
        if (await FindAsync(name, cancellationToken) is not { } found)
            return new LoginAnswer(LoginOutcome.Unavailable);
        return await _workers.RunAsync(() => Verify(found.Account, password), cancellationToken) ?? new LoginAnswer(LoginOutcome.Unavailable);
    }

    /// <inheritdoc/>
    public async ValueTask<CredentialAnswer> FindCredentialAsync(string name, string mechanism, CancellationToken cancellationToken = default)
    {
        if (await FindAsync(name, cancellationToken) is not { } found)
            return new CredentialAnswer(null, new LoginAnswer(LoginOutcome.Unavailable));
        var like = Volatile.Read(ref _like);
        return StoredAccount.Credential(
            found.Account, name, mechanism, _nobodyKey, hash => like.Scrams.FirstOrDefault(scram => scram.Mechanism == hash.Mechanism));
    }

    /// <inheritdoc/>
    public async ValueTask<LoginAnswer> FindAccountAsync(string name, CancellationToken cancellationToken = default) =>
        await FindAsync(name, cancellationToken) is not { } found ? new LoginAnswer(LoginOutcome.Unavailable)
            : found.Account?.StandingWithoutPassword ?? new LoginAnswer(LoginOutcome.Refused);

    /// <inheritdoc/>
    public async ValueTask<bool> HasRecipientAsync(string localPart, string domain, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(localPart);
        if (localPart.Contains('\0', StringComparison.Ordinal))
            return false;
        return await _calls.AskAsync(
            async cancel =>
            {
                await using var command = _database.CreateCommand(_options.RecipientQuery);
                command.Parameters.AddWithValue("local", localPart);
                command.Parameters.AddWithValue("domain", domain);
                command.Parameters.AddWithValue("address", $"{localPart}@{domain}");
                await using var reader = await command.ExecuteReaderAsync(cancel);
                return await reader.ReadAsync(cancel);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _workers.Dispose();
        _database.Dispose();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _workers.Dispose();
        await _database.DisposeAsync();
    }

    private LoginAnswer Verify(StoredAccount? account, string password)
    {
        var prepared = SaslPrep.Prepare(password) ?? password;
        if (account is { Secrets.CanVerify: true })
            return account.Secrets.Verify(prepared) ? account.Standing : new LoginAnswer(LoginOutcome.Refused);

        // The same work as for a name that exists, so that time tells no one which do.
        Volatile.Read(ref _nobody).Verify(prepared);
        return new LoginAnswer(LoginOutcome.Refused);
    }

    // Null where the database cannot say; found without an account where it says that there is none.
    private Task<Found?> FindAsync(string name, CancellationToken cancellationToken)
    {
        // What no text of PostgreSQL can hold names nobody; asked for, it would be an error of the database.
        if (name.Contains('\0', StringComparison.Ordinal))
            return Task.FromResult<Found?>(new Found(null));
        return _calls.TryAsync(
            async cancel =>
            {
                await using var command = _database.CreateCommand(_options.Query);
                command.Parameters.AddWithValue("name", SaslPrep.Key(name));
                await using var reader = await command.ExecuteReaderAsync(cancel);
                if (!await reader.ReadAsync(cancel))
                    return new Found(null);
                var account = AccountRow.Read(reader);
                if (await reader.ReadAsync(cancel))
                    throw new SourceException("accounts.postgres.query gives more than one row for a name");
                Remember(account.Secrets);
                return new Found(account);
            },
            cancellationToken);
    }

    private void Remember(AccountSecrets secrets)
    {
        if (!secrets.CanVerify || secrets.HasCostOf(Volatile.Read(ref _like)))
            return;
        Volatile.Write(ref _like, secrets);
        Volatile.Write(ref _nobody, secrets.ForNobody());
    }

    private static string OneLine(string text) => text.TrimEnd('\r', '\n');

    private sealed record Found(StoredAccount? Account);
}
