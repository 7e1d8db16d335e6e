using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Pillarbox.Trust.Accounts;

/// <summary>
/// Accounts of a file (<see cref="AccountsFile"/>). A change of the file takes effect with the next login; a faulty file is
/// refused, and what was read before stays in force.
/// </summary>
public sealed class FileAccountSource : IAccountSource, IDisposable
{
    // A check takes a processor for some 20 ms: what waits behind this many would be an answer that comes too late.
    private const int MaxWaiting = 256;

    private readonly string _file;
    private readonly Action<string> _report;
    private readonly PasswordWorkers _workers = new(Math.Clamp(Environment.ProcessorCount / 2, 1, 8), MaxWaiting);
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
    public bool Supports(string mechanism) => mechanism is "PLAIN" or "LOGIN";

    /// <inheritdoc/>
    public async ValueTask<LoginAnswer> VerifyPasswordAsync(string name, string password, CancellationToken cancellationToken = default) =>
        await _workers.RunAsync(() => Verify(name, password), cancellationToken) ?? new LoginAnswer(LoginOutcome.Unavailable);

    /// <inheritdoc/>
    public ValueTask<bool> HasRecipientAsync(string localPart, string domain, CancellationToken cancellationToken = default)
    {
        var accounts = Volatile.Read(ref _snapshot).Accounts;
        return ValueTask.FromResult(accounts.ContainsKey(localPart) || accounts.ContainsKey($"{localPart}@{domain}"));
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
    public void Dispose() => _workers.Dispose();

    private LoginAnswer Verify(string name, string password)
    {
        Refresh();
        var snapshot = Volatile.Read(ref _snapshot);
        if (!snapshot.Accounts.TryGetValue(name, out var account) || account.Verifiers.IsEmpty)
        {
            // The same work as for a name that exists, so that time tells no one which do.
            snapshot.Nobody.Verify(password);
            return new LoginAnswer(LoginOutcome.Refused);
        }

        var isRight = false;
        foreach (var verifier in account.Verifiers)
            isRight |= verifier.Verify(password);
        return isRight ? new LoginAnswer(LoginOutcome.Verified, account.Name) : new LoginAnswer(LoginOutcome.Refused);
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

    private sealed record Entry(string Name, ImmutableArray<PasswordVerifier> Verifiers);

    private sealed record Snapshot(FileStamp Stamp, FrozenDictionary<string, Entry> Accounts, PasswordVerifier Nobody)
    {
        public static readonly Snapshot Empty = new(default, FrozenDictionary<string, Entry>.Empty, PasswordVerifier.Nobody());

        public static Snapshot Of(FileStamp stamp, ImmutableArray<Account> accounts)
        {
            var entries = accounts.Select(account => new Entry(account.Name, [.. account.Verifiers.Select(Parse)])).ToList();
            return new Snapshot(
                stamp,
                entries.ToFrozenDictionary(entry => entry.Name, StringComparer.OrdinalIgnoreCase),
                PasswordVerifier.Nobody(entries.SelectMany(entry => entry.Verifiers).FirstOrDefault()));
        }

        private static PasswordVerifier Parse(string text) =>
            PasswordVerifier.TryParse(text, out var verifier) ? verifier : throw new InvalidOperationException("a verifier that was read is none");
    }
}
