using Pillarbox.Delivery.Routing;

namespace Pillarbox.Delivery.Scheduling;

/// <summary>
/// The exchangers of one domain. They are looked up once for all messages that wait for the answer; domains with the same
/// exchangers share a site.
/// </summary>
internal sealed class MxDestination(string domain, MailExchangers exchangers, Destinations destinations, SchedulerContext context) : Destination(domain)
{
    // The resolver has its own cache, by the records' TTL; this one saves the way to it.
    private static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan FailedFor = TimeSpan.FromSeconds(10);
    private const int MaxInMemory = 100;

    private readonly Lock _lock = new();
    private readonly List<Shipment> _shipments = [];
    private readonly List<Parked> _parked = [];
    private Site? _site;
    private DateTimeOffset _validUntil;
    private bool _resolving;
    private long _lastUsed = context.Time.GetTimestamp();

    /// <summary>Whether nothing has gone here for <paramref name="time"/> and nothing waits.</summary>
    public bool IsForgotten(TimeSpan time)
    {
        lock (_lock)
            return !_resolving && Waiting == 0 && context.Time.GetElapsedTime(_lastUsed) >= time;
    }

    public override void Submit(Shipment shipment)
    {
        Site? site;
        lock (_lock)
        {
            site = Current();
            if (site is null && _shipments.Count < MaxInMemory)
            {
                _shipments.Add(shipment);
                return;
            }
        }

        if (site is not null)
        {
            site.Enqueue(shipment);
            return;
        }

        var parked = shipment.ToParked();
        context.Active.Release(shipment);
        Admit(parked);
    }

    public override void Admit(Parked parked)
    {
        Site? site;
        lock (_lock)
        {
            site = Current();
            if (site is null)
                _parked.Add(parked);
        }

        site?.Park(parked);
    }

    public override void TryAgain()
    {
        lock (_lock)
        {
            _site?.EndHold();
            _validUntil = default;
        }
    }

    private Site? Current()
    {
        _lastUsed = context.Time.GetTimestamp();
        if (_site is not null && context.Time.GetUtcNow() < _validUntil)
            return _site;
        if (!_resolving)
        {
            _resolving = true;
            _ = Task.Run(ResolveAsync);
        }

        return null;
    }

    private async Task ResolveAsync()
    {
        MailHosts hosts;
        try
        {
            using var _ = await destinations.LookupRoomAsync();
            hosts = await exchangers.FindAsync(Name, context.Stopping);
        }
        catch (Exception fault)
        {
            // Whoever waits gets an answer in any case: a message that waits for nobody would wait for ever.
            hosts = MailHosts.None(Verdict.Defer(4, 3, $"the DNS could not be asked about {Name}: {fault.Message}"));
        }

        Shipment[] shipments;
        Parked[] parked;
        var site = destinations.SiteOf(Name, hosts);
        lock (_lock)
        {
            _site = site;
            _validUntil = context.Time.GetUtcNow() + (hosts.Failure is { Disposition: Disposition.Deferred } ? FailedFor : GoodFor);
            _resolving = false;
            shipments = [.. _shipments];
            parked = [.. _parked];
            _shipments.Clear();
            _parked.Clear();
        }

        foreach (var shipment in shipments)
            site.Enqueue(shipment);
        foreach (var each in parked)
            site.Park(each);
    }
}
