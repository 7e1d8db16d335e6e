namespace Pillarbox.Delivery.Scheduling;

/// <summary>The connections there may be all told. Destinations that find none left are served in the order in which they came.</summary>
internal sealed class ConnectionSlots(int total)
{
    private readonly Lock _lock = new();
    private readonly Queue<Site> _waiting = new();
    private readonly HashSet<Site> _isWaiting = [];
    private int _used;

    /// <summary>Whether a destination waits for a connection to become free.</summary>
    public bool IsShort
    {
        get
        {
            lock (_lock)
                return _waiting.Count > 0;
        }
    }

    public bool TryTake(Site site)
    {
        lock (_lock)
        {
            if (_used < total)
            {
                _used++;
                return true;
            }

            if (_isWaiting.Add(site))
                _waiting.Enqueue(site);
            return false;
        }
    }

    public void Give()
    {
        Site? next;
        lock (_lock)
        {
            _used--;
            if (_waiting.TryDequeue(out next))
                _isWaiting.Remove(next);
        }

        // It takes the slot itself if it has work still; if not, whoever comes next finds it free.
        next?.Stir();
    }
}
