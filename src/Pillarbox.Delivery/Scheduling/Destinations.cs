using System.Collections.Concurrent;
using Pillarbox.Delivery.Routing;
using Pillarbox.Protocol.Commands;
using Pillarbox.Queue;
using Pillarbox.Trust.Dns;

namespace Pillarbox.Delivery.Scheduling;

/// <summary>Finds the destination of each recipient, and keeps the sites. Thread-safe.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "A semaphore without a wait handle holds nothing to give back.")]
internal sealed class Destinations
{
    /// <summary>Recipients in one transaction at most: what every server must take (RFC 5321 §4.5.3.1.8).</summary>
    private const int MaxRecipients = 100;
    private const int MaxLookups = 64;
    private static readonly TimeSpan ForgetDomain = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan ForgetSite = TimeSpan.FromMinutes(20);
    private static readonly DeliveryTarget.Capture Capture = new();

    private readonly SchedulerContext _context;
    private readonly ICarrierFactory _carriers;
    private readonly MailExchangers _exchangers;
    private readonly SemaphoreSlim _lookups = new(MaxLookups);
    private readonly ConcurrentDictionary<DeliveryTarget, FixedDestination> _fixed = new();
    private readonly ConcurrentDictionary<string, MxDestination> _domains = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, MxDestination>.AlternateLookup<ReadOnlySpan<char>> _bySpan;
    private readonly ConcurrentDictionary<string, Site> _sites = new(StringComparer.OrdinalIgnoreCase);
    private readonly FixedDestination _nowhere;
    private readonly FixedDestination _expanded;

    public Destinations(SchedulerContext context, ICarrierFactory carriers, IResolver resolver)
    {
        _context = context;
        _carriers = carriers;
        _exchangers = new MailExchangers(resolver, context.Options.Hostname);
        _bySpan = _domains.GetAlternateLookup<ReadOnlySpan<char>>();
        var refusal = Verdict.Fail(4, 4, "no route leads to this domain");
        _nowhere = new FixedDestination("none", new Site("none", 1, connects: false, _ => new RefusingCarrier(refusal), context));
        _expanded = new FixedDestination("lists", new Site("lists", 1, connects: false, _ => new ExpansionCarrier(), context));
    }

    /// <summary>All sites there are.</summary>
    public IEnumerable<Site> Sites => _sites.Values.Concat(_fixed.Values.Select(destination => destination.Site)).Append(_nowhere.Site).Append(_expanded.Site);

    /// <summary>Sends recipients that are claimed on their way, together where they go together.</summary>
    public void Submit(MessageEntry entry, int[] recipients)
    {
        var table = _context.Routing.Current;
        foreach (var (destination, together) in Group(entry.Envelope, recipients, table))
            destination.Submit(new Shipment(entry, together, destination, table));
    }

    /// <summary>The destinations of recipients.</summary>
    public IEnumerable<(Destination Destination, int[] Recipients)> Group(Envelope envelope, int[] recipients, RoutingTable table)
    {
        if (recipients.Length == 1)
            return [(Of(envelope, recipients[0], table), recipients)];

        // A transaction has one reverse-path, so what a list's owner sends goes by itself. The capture keeps a message once: with all whom it is for.
        var capture = Fixed(Capture);
        return recipients.GroupBy(index => Of(envelope, index, table) is var to && to == capture ? (to, null) : (To: to, envelope.Recipients[index].Sender))
            .SelectMany(group => group.Chunk(group.Key.To == capture ? recipients.Length : MaxRecipients)
                .Select(chunk => (group.Key.To, chunk.Length == recipients.Length ? recipients : chunk)));
    }

    /// <summary>Whether the routes in force lead a shipment's recipients where it is about to go.</summary>
    public bool StillLeadTo(Shipment shipment)
    {
        var table = _context.Routing.Current;
        return Array.TrueForAll(shipment.Recipients, index => Of(shipment.Envelope, index, table) == shipment.Destination);
    }

    /// <summary>The site of a domain's exchangers.</summary>
    public Site SiteOf(string domain, MailHosts hosts) => hosts.Failure is { } failure
        ? _sites.GetOrAdd($"no way to {domain}: {failure.Text}", _ => new Site(domain, 1, connects: false, _ => new RefusingCarrier(failure), _context))
        : _sites.GetOrAdd($"mx {hosts.SiteKey()}", key => new Site(
            domain, _context.Options.ConnectionsPerDestination, connects: true, site => _carriers.ForHosts(hosts, site), _context));

    /// <summary>Waits for room among the look-ups under way.</summary>
    public async ValueTask<IDisposable> LookupRoomAsync()
    {
        await _lookups.WaitAsync(_context.Stopping);
        return new Room(_lookups);
    }

    /// <summary>Once a second.</summary>
    public void Tick()
    {
        foreach (var destination in _fixed.Values)
            destination.Site.Tick(_context.Options.Idle, ForgetSite);
        _nowhere.Site.Tick(_context.Options.Idle, ForgetSite);
        _expanded.Site.Tick(_context.Options.Idle, ForgetSite);
        foreach (var (key, site) in _sites)
        {
            // A domain forgets its site sooner than the site forgets itself, so none holds one that is gone from here.
            if (site.Tick(_context.Options.Idle, ForgetSite))
                _sites.TryRemove(KeyValuePair.Create(key, site));
        }

        foreach (var (key, domain) in _domains)
        {
            if (domain.IsForgotten(ForgetDomain))
                _domains.TryRemove(KeyValuePair.Create(key, domain));
        }
    }

    private Destination Of(Envelope envelope, int recipient, RoutingTable table)
    {
        if (envelope.Destination == Queue.Destination.Captured)
            return Fixed(Capture);

        if (envelope.Recipients[recipient].Expansion != Expansion.None)
            return _expanded;
        var domain = envelope.Recipients[recipient].Address.Domain;
        return table.Find(domain) switch
        {
            null => _nowhere,
            DeliveryTarget.Mx => Domain(domain),
            var target => Fixed(target),
        };
    }

    private FixedDestination Fixed(DeliveryTarget target) => _fixed.TryGetValue(target, out var known)
        ? known
        : _fixed.GetOrAdd(target, _ => new FixedDestination(target.ToString()!, NewSite(target)));

    private MxDestination Domain(ReadOnlySpan<char> domain)
    {
        if (_bySpan.TryGetValue(domain, out var known))
            return known;
        return _domains.GetOrAdd(domain.ToString(), name => new MxDestination(name, _exchangers, this, _context));
    }

    private Site NewSite(DeliveryTarget target) => new(
        target.ToString()!,
        _carriers.Limit(target, _context.Options),
        connects: target is DeliveryTarget.Smarthost or DeliveryTarget.Lmtp,
        site => _carriers.For(target, site),
        _context);

    private sealed class Room(SemaphoreSlim room) : IDisposable
    {
        public void Dispose() => room.Release();
    }
}
