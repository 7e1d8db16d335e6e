using System.Collections.Immutable;
using System.Net;

namespace Pillarbox.Trust.Dns;

/// <summary>Whom to ask.</summary>
public sealed record DnsOptions
{
    /// <summary>Resolvers (recursive ones), tried in order; empty for those of the system.</summary>
    public ImmutableArray<IPEndPoint> Servers { get; init; } = [];

    /// <summary>How long a server may take to answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a question is asked again, beyond the first time.</summary>
    public int Retries { get; init; } = 2;

    /// <summary>How long a question may take in all.</summary>
    public TimeSpan Total { get; init; } = TimeSpan.FromSeconds(30);
}
