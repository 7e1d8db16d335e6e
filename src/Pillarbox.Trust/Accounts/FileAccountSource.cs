using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Pillarbox.Protocol.Sasl;

namespace Pillarbox.Trust.Accounts;

/// <summary>
/// Accounts of a file (<see cref="AccountsFile"/>). A change of the file takes effect with the next login; a faulty file is
/// refused, and what was read before stays in force.
/// </summary>
public sealed class FileAccountSource : IAccountSource, IDisposable
{
    // A check takes a processor for some 20 ms: what waits behind this many would be an answer that comes too late.
    private const int MaxWaiting = 256;

    private static readonly int Checkers = Math.Clamp(Environment.ProcessorCount / 2, 1, 8);

    private readonly string _file;
    private readonly Action<string> _report;
    private readonly PasswordWorkers _workers = new(Checkers, MaxWaiting);

    // Looking a name up takes microseconds: it waits behind nobody's password.
    private readonly PasswordWorkers _lookups = new(1, MaxWaiting);
    private readonly Lock _reloading = new();
    private Snapshot _snapshot = Snapshot.Empty;

    /// <param name="file">The file's path. One that is not there is as good as empty.</param>
    /// <param name="report">Told, in one line, of a file that is refused.</param>
    public FileAccountSource(string file, Action<string> report)
    {
        _file = file;
        _report = report;
        Refresh();
    }

    /// <summary>How many accounts there are.</summary>
    public int Count => Volatile.Read(ref _snapshot).Accounts.Count;

    /// <inheritdoc/>
    public IReadOnlySet<string> Mechanisms => Volatile.Read(ref _snapshot).Mechanisms;

    /// <inheritdoc/>
    public int ChecksAtOnce => Checkers;

    /// <inheritdoc/>
    public async ValueTask<LoginAnswer> VerifyPasswordAsync(string name, string password, CancellationToken cancellationToken = default) =>
        await _workers.RunAsync(() => Verify(name, password), cancellationToken) ?? new LoginAnswer(LoginOutcome.Unavailable);

    /// <inheritdoc/>
    public async ValueTask<CredentialAnswer> FindCredentialAsync(string name, string mechanism, CancellationToken cancellationToken = default)
    {
        // On a thread of its own, since it may read the file again.
        CredentialAnswer found = default;
        var login = await _lookups.RunAsync(
            () =>
            {
                Refresh();
                found = Volatile.Read(ref _snapshot).Find(name, mechanism);
                return found.Login;
            },
            cancellationToken);
        return login is null ? new CredentialAnswer(null, new LoginAnswer(LoginOutcome.Unavailable)) : found;
    }

    /// <inheritdoc/>
    public async ValueTask<LoginAnswer> FindAccountAsync(string name, CancellationToken cancellationToken = default) =>
        await _lookups.RunAsync(
            () =>
            {
                Refresh();
                return Volatile.Read(ref _snapshot).Find(name) is { } entry ? entry.StandingWithoutPassword : new LoginAnswer(LoginOutcome.Refused);
            },
            cancellationToken) ?? new LoginAnswer(LoginOutcome.Unavailable);

    /// <inheritdoc/>
    public ValueTask<bool> HasRecipientAsync(string localPart, string domain, CancellationToken cancellationToken = default)
    {
        var accounts = Volatile.Read(ref _snapshot).Accounts;
        return ValueTask.FromResult(accounts.ContainsKey(SaslPrep.Key(localPart)) || accounts.ContainsKey(SaslPrep.Key($"{localPart}@{domain}")));
    }

    /// <summary>Reads the file again if it has changed. Reads from the disk: not for a thread that serves sockets.</summary>
    public void Refresh()
    {
        lock (_reloading)
        {
            var stamp = StampOf(_file);
            if (stamp != _snapshot.Stamp)
                Volatile.Write(ref _snapshot, Read(stamp));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _workers.Dispose();
        _lookups.Dispose();
    }

    private LoginAnswer Verify(string name, string password)
    {
        Refresh();
        var snapshot = Volatile.Read(ref _snapshot);
        var prepared = SaslPrep.Prepare(password) ?? password;
        if (snapshot.Find(name) is { } account && account.Secrets.CanVerify)
            return account.Secrets.Verify(prepared) ? account.Standing : new LoginAnswer(LoginOutcome.Refused);

        // The same work as for a name that exists, so that time tells no one which do.
        snapshot.Nobody.Verify(prepared);
        return new LoginAnswer(LoginOutcome.Refused);
    }

    private Snapshot Read(FileStamp stamp)
    {
        try
        {
            if (!stamp.Exists)
                return Snapshot.Empty with { Stamp = stamp };
            var read = AccountsFile.Read(_file);
            if (read.Faults is [var fault, ..])
            {
                _report($"{_file}:{fault.Line}: {fault.Key}: {fault.Message}; the accounts read before stay in force");
                return _snapshot with { Stamp = stamp };
            }

            return Snapshot.Of(stamp, read.Accounts);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            _report($"{_file}: {refused.Message}; the accounts read before stay in force");
            return _snapshot with { Stamp = stamp };
        }
    }

    private static FileStamp StampOf(string file)
    {
        var info = new FileInfo(file);
        return info.Exists ? new FileStamp(true, info.Length, info.LastWriteTimeUtc.Ticks) : default;
    }

    private readonly record struct FileStamp(bool Exists, long Length, long Ticks);

    private sealed record Snapshot(FileStamp Stamp, FrozenDictionary<string, StoredAccount> Accounts, PasswordVerifier Nobody)
    {
        public static readonly Snapshot Empty = new(default, FrozenDictionary<string, StoredAccount>.Empty, PasswordVerifier.Nobody());

        // Outlives a restart, but not a change of the first account's first verifier, nor an account that sorts before it (0106).
        private readonly byte[] _nobodyKey = SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(
            Accounts.Values.OrderBy(entry => entry.Account.Name, StringComparer.Ordinal).SelectMany(entry => entry.Account.Verifiers).Take(1))));

        /// <summary>
        /// What can be verified: a mechanism of SCRAM only where every account that has a password has what it needs, since clients choose it
        /// wherever they see it.
        /// </summary>
        public FrozenSet<string> Mechanisms { get; } = FrozenSet.ToFrozenSet(
        [
            "PLAIN", "LOGIN",
            .. ScramHash.All.Where(hash => Accounts.Values.Any(entry => entry.Scram(hash) is not null)
                    && Accounts.Values.All(entry => entry.Account.Verifiers.IsEmpty || entry.Scram(hash) is not null))
                .SelectMany(hash => new[] { hash.Mechanism, hash.Mechanism + "-PLUS" }),
            .. Accounts.Values.Any(entry => entry.Secrets.Readable is not null) ? new[] { "CRAM-MD5" } : [],
            .. VouchedLogin.Mechanisms,
        ]);

        public static Snapshot Of(FileStamp stamp, ImmutableArray<Account> accounts)
        {
            var entries = accounts.Select(account => new StoredAccount(account, Secrets(account))).ToList();
            return new Snapshot(
                stamp,
                entries.ToFrozenDictionary(entry => SaslPrep.Key(entry.Account.Name), StringComparer.OrdinalIgnoreCase),
                PasswordVerifier.Nobody(entries.SelectMany(entry => entry.Secrets.Passwords).FirstOrDefault()));
        }

        public StoredAccount? Find(string name) => Accounts.GetValueOrDefault(SaslPrep.Key(name));

        public CredentialAnswer Find(string name, string mechanism) => StoredAccount.Credential(
            Find(name), name, mechanism, _nobodyKey,
            hash => Accounts.Values.Select(other => other.Scram(hash)).FirstOrDefault(other => other is not null));

        private static AccountSecrets Secrets(Account account) =>
            AccountSecrets.TryRead(account.Verifiers, out var secrets) ? secrets : throw new InvalidOperationException("a verifier that was read is none");
    }
}
