using System.Collections.Immutable;
using System.Net;

namespace Pillarbox.Server.Guessing;

/// <summary>How often somebody may be wrong about a secret.</summary>
public sealed record GuessingOptions
{
    /// <summary>Wrong logins of one client network, or of one at one account, that begin a ban; at most 1,000,000, and 0 for no bans.</summary>
    public int Failures { get; init; } = 10;

    /// <summary>How long so many of them take to be forgotten.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long the first ban lasts; each further one within a day lasts twice as long as the one before, up to sixteen times.</summary>
    public TimeSpan Ban { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Networks whose clients are never banned, and whose failures count for nobody.</summary>
    public ImmutableArray<IPNetwork> Never { get; init; } = [IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("::1/128")];

    /// <summary>Whether the owner of a closed account, who knows its secret, is told so: 525 5.7.13 in place of 535 5.7.8.</summary>
    public bool TellDisabled { get; init; }
}
