using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;
using Pillarbox.Delivery.Routing;
using Pillarbox.Queue.Lists;

namespace Pillarbox.Delivery;

/// <summary>How mail leaves this server.</summary>
public sealed record DeliveryOptions
{
    /// <summary>Our name in EHLO, in reports and in the loop guard: a domain name.</summary>
    public required string Hostname { get; init; }

    /// <summary>Where mail for other domains goes at the start; the first match wins. <see cref="RoutingSource"/> changes it later.</summary>
    public ImmutableArray<Route> Routes { get; init; } = [];

    /// <summary>Our own domains and where their mail is put; they come ahead of <see cref="Routes"/>.</summary>
    public ImmutableDictionary<string, DeliveryTarget> Domains { get; init; } = ImmutableDictionary<string, DeliveryTarget>.Empty;

    /// <summary>Addresses of ours that stand for others, at the start: a report may be for one. <see cref="RoutingSource"/> changes them later.</summary>
    public MailingLists Lists { get; init; } = MailingLists.None;

    /// <summary>The language of reports, as a BCP 47 tag of the reference; where it is another than English, they hold English too.</summary>
    public string Language { get; init; } = "en";

    /// <summary>Waits between attempts, at least one, each above zero; the last repeats. A jitter of up to a tenth is added.</summary>
    public ImmutableArray<TimeSpan> Retry { get; init; } =
        [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromHours(1)];

    /// <summary>Age at which a message that cannot be delivered goes back.</summary>
    public TimeSpan Expire { get; init; } = TimeSpan.FromDays(5);

    /// <summary>Age at which the sender hears of a delay, once; <see langword="null"/> for never.</summary>
    public TimeSpan? Warn { get; init; } = TimeSpan.FromHours(4);

    /// <summary>Connections all told, at least 1.</summary>
    public int Connections { get; init; } = 500;

    /// <summary>Connections to one destination at most, at least 1.</summary>
    public int ConnectionsPerDestination { get; init; } = 20;

    /// <summary>The port of a mail exchanger.</summary>
    public int Port { get; init; } = 25;

    /// <summary>The authorities that certify other servers, in place of the system's; none given: those.</summary>
    public ImmutableArray<X509Certificate2> Authorities { get; init; } = [];

    /// <summary>How long a connection without work is kept.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Octets of bodies that wait for their delivery in memory at most; beyond it they are read from the store again.</summary>
    public long BodyMemory { get; init; } = 64 << 20;

    /// <summary>Octets of an original up to which a bounce returns it whole; of a larger one it returns the header section.</summary>
    public int ReturnedMessage { get; init; } = 32 << 10;
}
