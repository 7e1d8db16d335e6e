using Microsoft.IdentityModel.Tokens;

namespace Pillarbox.Trust.Tokens;

/// <summary>
/// The keys that are known of a provider. They are asked for when a token first needs them, again once they are an hour old, and when a token
/// names one that is not among them, since then they may have been changed; but never more often than the provider can bear, whoever sends
/// what. A provider that cannot be reached does not unmake what is known for a day.
/// </summary>
internal sealed class ProviderKeys(Func<Task<(KeySet? Keys, string Cause)>> fetch, TimeProvider time, Action<string> report)
{
    internal static readonly TimeSpan Fresh = TimeSpan.FromHours(1);
    internal static readonly TimeSpan Usable = TimeSpan.FromDays(1);

    /// <summary>Between two fetches for the sake of keys that are not known.</summary>
    internal static readonly TimeSpan BetweenFetches = TimeSpan.FromMinutes(1);

    internal const string MayHaveChanged = "the provider may have changed its keys since it was last asked";

    // Of names that are not known so many are remembered until the next fetch, whoever makes them up.
    private const int MaxNames = 100;

    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private KeySet? _keys;
    private DateTimeOffset _fetched;
    private DateTimeOffset _next;
    private TimeSpan _wait;
    private string? _failure;
    private Task? _fetching;

    // What was asked for and is not known: before the last fetch, which would have brought it, and since then.
    private HashSet<string> _absent = [];
    private HashSet<string> _missed = [];

    /// <summary>Finds the key that a token names.</summary>
    /// <returns>The key; none and no cause: there is no such key; none and a cause: that cannot be told now.</returns>
    public async ValueTask<(JsonWebKey? Key, string? Cause)> FindAsync(string? name, string algorithm, CancellationToken cancellationToken)
    {
        var known = Look(name, algorithm, out var fetching);
        if (known is not null || fetching is null)
            return Answer(known, name, algorithm);
        await fetching.WaitAsync(cancellationToken);
        return Answer(Look(name, algorithm, out _), name, algorithm);
    }

    // What is known now, and the fetch that is under way or due.
    private JsonWebKey? Look(string? name, string algorithm, out Task? fetching)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            if (_keys is not null && now - _fetched >= Usable)
                _keys = null;
            var key = _keys?.Find(name, algorithm);
            if (key is null && _missed.Count < MaxNames)
                _missed.Add(Id(name, algorithm));
            if ((key is null || now - _fetched >= Fresh) && _fetching is null && now >= _next)
            {
                // Not on the caller's thread, which may be one that serves sockets.
                _fetching = Task.Run(FetchAsync, CancellationToken.None);
            }

            fetching = _fetching;
            return key;
        }
    }

    private (JsonWebKey? Key, string? Cause) Answer(JsonWebKey? key, string? name, string algorithm)
    {
        lock (_lock)
            return (key, key is not null ? null : _failure ?? (_absent.Contains(Id(name, algorithm)) ? null : MayHaveChanged));
    }

    private static string Id(string? name, string algorithm) => $"{algorithm} {name}";

    private async Task FetchAsync()
    {
        KeySet? keys = null;
        string cause;
        try
        {
            (keys, cause) = await fetch();
        }
        catch (Exception fault)
        {
            // Who waits for the keys is told that there are none, and the log why.
            cause = $"{fault.GetType().Name}: {fault.Message}";
        }

        string? news = null;
        lock (_lock)
        {
            _fetching = null;
            var now = time.GetUtcNow();
            if (keys is not null)
            {
                if (_failure is not null)
                    news = "the provider's keys can be had again";
                (_keys, _fetched, _next, _wait, _failure) = (keys, now, now + BetweenFetches, default, null);
                (_absent, _missed) = (_missed, []);
            }
            else
            {
                if (_failure != cause)
                    news = $"the provider's keys cannot be had: {cause}";
                _failure = cause;
                _wait = _wait == default ? FirstWait : _wait * 2 < LongestWait ? _wait * 2 : LongestWait;
                _next = now + _wait;
            }
        }

        if (news is not null)
            report(news);
    }
}
