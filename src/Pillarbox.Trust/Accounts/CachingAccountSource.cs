using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Pillarbox.Trust.Accounts;

/// <summary>
/// Remembers for a short while what a source verified, and which recipients it has: a client that opens a connection for each message
/// costs one question. What is not verified is never remembered. A password that was changed goes on being taken for as long as that.
/// </summary>
/// <remarks>
/// Kept is a keyed hash of name, password and client, with a key made at start: whoever reads the memory later has nothing to try
/// passwords on without the key beside it, and no password at all.
/// </remarks>
public sealed class CachingAccountSource : IAccountSource, IAsyncDisposable
{
    private const int MaxEntries = 10_000;

    private readonly IAccountSource _source;
    private readonly TimeSpan _life;
    private readonly TimeProvider _time;
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<Digest, Entry> _entries = new();
    private int _count;

    /// <param name="source">The source; it is disposed of with this.</param>
    /// <param name="life">How long an answer holds; zero for not at all.</param>
    /// <param name="time">The clock.</param>
    public CachingAccountSource(IAccountSource source, TimeSpan life, TimeProvider time)
    {
        _source = source;
        _life = life;
        _time = time;
    }

    /// <summary>How much is remembered.</summary>
    internal int Count => _entries.Count;

    /// <inheritdoc/>
    public IReadOnlySet<string> Mechanisms => _source.Mechanisms;

    /// <inheritdoc/>
    public int ChecksAtOnce => _source.ChecksAtOnce;

    /// <inheritdoc/>
    public ValueTask<LoginAnswer> VerifyPasswordAsync(string name, string password, CancellationToken cancellationToken = default) =>
        VerifyPasswordAsync(name, password, default, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<LoginAnswer> VerifyPasswordAsync(string name, string password, LoginClient client, CancellationToken cancellationToken = default)
    {
        // A source may let an account in from some networks only, or under TLS only.
        var key = Hash("login", name, password, client.Address?.ToString() ?? "", client.IsEncrypted ? "tls" : "");
        if (Find(key) is { } known)
            return known;
        var answer = await _source.VerifyPasswordAsync(name, password, client, cancellationToken);
        if (answer.Outcome == LoginOutcome.Verified)
            Keep(key, answer);
        return answer;
    }

    /// <inheritdoc/>
    public ValueTask<CredentialAnswer> FindCredentialAsync(string name, string mechanism, CancellationToken cancellationToken = default) =>
        _source.FindCredentialAsync(name, mechanism, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<LoginAnswer> FindAccountAsync(string name, CancellationToken cancellationToken = default) => _source.FindAccountAsync(name, cancellationToken);

    /// <inheritdoc/>
    public bool MayActAs(string name, string identity) => _source.MayActAs(name, identity);

    /// <inheritdoc/>
    public async ValueTask<bool> HasRecipientAsync(string localPart, string domain, CancellationToken cancellationToken = default)
    {
        var key = Hash("recipient", localPart, domain);
        if (Find(key) is not null)
            return true;
        var has = await _source.HasRecipientAsync(localPart, domain, cancellationToken);
        if (has)
            Keep(key, default);
        return has;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_source is IAsyncDisposable inTime)
            await inTime.DisposeAsync();
        else
            (_source as IDisposable)?.Dispose();
    }

    private LoginAnswer? Find(Digest key) =>
        _entries.TryGetValue(key, out var entry) && _time.GetElapsedTime(entry.Since) < _life ? entry.Answer : null;

    private void Keep(Digest key, LoginAnswer answer)
    {
        if (_life <= TimeSpan.Zero)
            return;
        if (Volatile.Read(ref _count) >= MaxEntries)
            DropOld();
        if (_entries.TryAdd(key, new Entry(answer, _time.GetTimestamp())))
            Interlocked.Increment(ref _count);
        else
            _entries[key] = new Entry(answer, _time.GetTimestamp());
    }

    // What is over, and where that is not half of them the rest too: to ask again is all that it costs.
    private void DropOld()
    {
        foreach (var (key, entry) in _entries)
        {
            if (_time.GetElapsedTime(entry.Since) >= _life && _entries.TryRemove(key, out _))
                Interlocked.Decrement(ref _count);
        }

        if (Volatile.Read(ref _count) < MaxEntries / 2)
            return;
        foreach (var key in _entries.Keys)
        {
            if (_entries.TryRemove(key, out _))
                Interlocked.Decrement(ref _count);
        }
    }

    // Each part with its length ahead, so that no two lists of parts read the same.
    private Digest Hash(params ReadOnlySpan<string> parts)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        foreach (var part in parts)
        {
            var octets = Encoding.UTF8.GetBytes(part);
            hash.AppendData(BitConverter.GetBytes(octets.Length));
            hash.AppendData(octets);
            CryptographicOperations.ZeroMemory(octets);
        }

        Span<byte> digest = stackalloc byte[32];
        hash.GetHashAndReset(digest);
        return MemoryMarshal.Read<Digest>(digest);
    }

    private readonly record struct Digest(UInt128 High, UInt128 Low);

    private readonly record struct Entry(LoginAnswer Answer, long Since);
}
