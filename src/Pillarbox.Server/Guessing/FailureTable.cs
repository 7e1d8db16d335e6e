using System.Runtime.CompilerServices;

namespace Pillarbox.Server.Guessing;

/// <summary>
/// Failures by key, and the bans that come of them, in a table of fixed size that is made with the first. A key has eight places;
/// where all are taken, it takes that of the least: who has failed little gives way before who has failed much, so that a flood of new
/// networks cannot wash bans out. What was counted drains away with time: no entry has a timer. Times are milliseconds. Not thread-safe.
/// </summary>
internal sealed class FailureTable(int places)
{
    /// <summary>What a failure counts.</summary>
    public const int One = 32;

    private const int Ways = 8;
    private const int MostDoublings = 4;
    private const long Day = 24 * 60 * 60 * 1000;

    private Entry[]? _entries;

    /// <summary>How much stands against a key, where it is not banned.</summary>
    public int Score(ulong key, long now, Allowance allowance) => Find(key) is >= 0 and var at ? Drained(_entries![at], now, allowance) : 0;

    /// <summary>Whether a key is banned.</summary>
    public bool IsBanned(ulong key, long now) => Find(key) is >= 0 and var at && _entries![at].BannedUntil > now;

    /// <summary>How many keys are banned.</summary>
    public int CountBanned(long now) => _entries is { } entries ? entries.Count(entry => entry.BannedUntil > now) : 0;

    /// <summary>Counts against a key.</summary>
    /// <returns>How long the ban is that begins with it; zero for none.</returns>
    public long Add(ulong key, int units, long now, Allowance allowance)
    {
        var entries = _entries ??= new Entry[places];
        var found = Find(key);
        ref var entry = ref entries[found >= 0 ? found : Least(key, now, allowance)];
        if (found < 0)
            entry = new Entry { Key = key };
        entry.Score = Drained(entry, now, allowance) + units;
        entry.At = now;
        if (entry.Score < allowance.Failures * One)
            return 0;

        entry.Bans = now - entry.BannedUntil > Day ? (byte)0 : entry.Bans;
        var length = allowance.Ban << entry.Bans;
        entry.Bans = (byte)Math.Min(entry.Bans + 1, MostDoublings);
        entry.BannedUntil = now + length;
        entry.Score = 0;
        return length;
    }

    /// <summary>Takes back what was counted.</summary>
    public void Forgive(ulong key, int units, long now, Allowance allowance)
    {
        if (Find(key) is not (>= 0 and var at))
            return;
        ref var entry = ref _entries![at];
        entry.Score = Math.Max(0, Drained(entry, now, allowance) - units);
        entry.At = now;
    }

    /// <summary>Notes a secret that was wrong.</summary>
    /// <returns>Whether it was among the last few.</returns>
    public bool IsRepeated(ulong key, uint secret)
    {
        if (Find(key) is not (>= 0 and var at))
            return false;
        Span<uint> secrets = _entries![at].Secrets;
        return secrets.Contains(secret);
    }

    /// <summary>Remembers a secret that was wrong, of a key that has an entry.</summary>
    public void Remember(ulong key, uint secret)
    {
        if (Find(key) is not (>= 0 and var at))
            return;
        Span<uint> secrets = _entries![at].Secrets;
        secrets[..^1].CopyTo(secrets[1..]);
        secrets[0] = secret;
    }

    private static int Drained(in Entry entry, long now, Allowance allowance)
    {
        var drained = (double)(now - entry.At) / allowance.Window * allowance.Failures * One;
        return drained >= entry.Score ? 0 : entry.Score - (int)drained;
    }

    private int Find(ulong key)
    {
        if (_entries is not { } entries)
            return -1;
        var first = First(key);
        for (var at = first; at < first + Ways; at++)
        {
            if (entries[at].Key == key)
                return at;
        }

        return -1;
    }

    // Free places are the least of all. Who is banned goes last, and of those whoever's ban ends first.
    private int Least(ulong key, long now, Allowance allowance)
    {
        var first = First(key);
        var least = (At: first, Ban: long.MaxValue, Score: int.MaxValue, Since: long.MaxValue);
        for (var at = first; at < first + Ways; at++)
        {
            ref readonly var entry = ref _entries![at];
            var weight = (At: at, Ban: Math.Max(0, entry.BannedUntil - now), Score: entry.Key == 0 ? -1 : Drained(entry, now, allowance), Since: entry.At);
            if ((weight.Ban, weight.Score, weight.Since).CompareTo((least.Ban, least.Score, least.Since)) < 0)
                least = weight;
        }

        return least.At;
    }

    private int First(ulong key) => (int)(key % (ulong)(places / Ways)) * Ways;

    [InlineArray(4)]
    private struct WrongSecrets
    {
        private uint _first;
    }

    private struct Entry
    {
        public ulong Key;
        public long At;
        public long BannedUntil;
        public int Score;
        public byte Bans;
        public WrongSecrets Secrets;
    }
}

/// <summary>How many failures are too many, within which time, and how long a first ban is; times in milliseconds.</summary>
internal readonly record struct Allowance(int Failures, long Window, long Ban);
