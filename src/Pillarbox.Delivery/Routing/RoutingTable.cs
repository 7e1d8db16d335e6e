using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;
using Pillarbox.Queue.Lists;
using Pillarbox.Trust.Dns;

namespace Pillarbox.Delivery.Routing;

/// <summary>A line of the routing table.</summary>
/// <param name="Pattern"><c>*</c> for every domain, <c>example.org</c> for one, <c>*.example.org</c> for all below it (not itself).</param>
/// <param name="Target">Where it leads.</param>
public sealed record Route(string Pattern, DeliveryTarget Target)
{
    /// <summary>Whether the route is for a domain; letters are the same in either case.</summary>
    public bool Matches(ReadOnlySpan<char> domain)
    {
        if (Pattern == "*")
            return true;
        if (Pattern.StartsWith("*.", StringComparison.Ordinal))
            return domain.Length > Pattern.Length - 1 && domain.EndsWith(Pattern.AsSpan(1), StringComparison.OrdinalIgnoreCase);
        return domain.Equals(Pattern, StringComparison.OrdinalIgnoreCase);
    }
}

/// <summary>
/// Says where a domain's mail goes: our own domains first, then the first route that matches. Immutable; a reload makes a new one.
/// </summary>
public sealed class RoutingTable
{
    private readonly ImmutableArray<Route> _routes;
    private readonly FrozenDictionary<string, DeliveryTarget>.AlternateLookup<ReadOnlySpan<char>> _domains;

    /// <param name="routes">For other domains, in order.</param>
    /// <param name="domains">Our own domains.</param>
    /// <param name="lists">Addresses of ours that stand for others; <see langword="null"/> for none.</param>
    public RoutingTable(IEnumerable<Route> routes, IEnumerable<KeyValuePair<string, DeliveryTarget>> domains, MailingLists? lists = null)
    {
        Lists = lists ?? MailingLists.None;
        _routes = [.. routes.Select(route => route with { Pattern = ToAscii(route.Pattern) })];
        _domains = domains.Select(domain => KeyValuePair.Create(ToAscii(domain.Key), domain.Value)).ToFrozenDictionary(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Addresses of ours that stand for others: reports may be for one.</summary>
    public MailingLists Lists { get; }

    /// <summary>The target for a domain, or <see langword="null"/> where no route matches.</summary>
    public DeliveryTarget? Find(ReadOnlySpan<char> domain)
    {
        if (!Ascii.IsValid(domain))
            domain = ToAscii(domain.ToString());
        if (_domains.TryGetValue(domain, out var own))
            return own;
        foreach (var route in _routes)
        {
            if (route.Matches(domain))
                return route.Target;
        }

        return null;
    }

    // U-labels and A-labels name one domain (RFC 5890 §2.3.2.1). What is no domain stays as it is, and matches nothing.
    private static string ToAscii(string domain) => !Ascii.IsValid(domain) && DomainNames.TryToAscii(domain, out var ascii) ? ascii : domain;
}

/// <summary>Holds the table in force. A message takes the one that is current when its turn comes.</summary>
public sealed class RoutingSource(RoutingTable table)
{
    private RoutingTable _current = table;

    /// <summary>The table in force.</summary>
    public RoutingTable Current => Volatile.Read(ref _current);

    /// <summary>Puts another in force, for messages already queued too.</summary>
    public void Replace(RoutingTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        Volatile.Write(ref _current, table);
    }
}
