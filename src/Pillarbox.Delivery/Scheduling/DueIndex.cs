namespace Pillarbox.Delivery.Scheduling;

/// <summary>
/// What is due when: a heap in memory and one timer for all of it. Unbounded and cheap, 40 octets an entry; no task waits for a
/// message, and nothing is searched to find what is due.
/// </summary>
internal sealed class DueIndex : IDisposable
{
    // A timer that is set a few milliseconds late serves many entries in one go.
    private static readonly TimeSpan Grain = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private readonly Lock _lock = new();
    private readonly PriorityQueue<Parked, long> _heap = new();
    private readonly TimeProvider _time;
    private readonly Action<Parked> _due;
    private readonly ITimer _timer;
    private long _armed = long.MaxValue;

    /// <param name="time">The clock.</param>
    /// <param name="due">Called for each entry that is due, on a timer's thread; must not block or throw.</param>
    public DueIndex(TimeProvider time, Action<Parked> due)
    {
        _time = time;
        _due = due;
        _timer = time.CreateTimer(static state => ((DueIndex)state!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public int Count
    {
        get
        {
            lock (_lock)
                return _heap.Count;
        }
    }

    public void Add(Parked parked, DateTimeOffset due)
    {
        parked.Destination.AddWaiting(1);
        lock (_lock)
        {
            _heap.Enqueue(parked, due.UtcTicks);
            if (due.UtcTicks < _armed)
                Arm(due.UtcTicks);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Fire()
    {
        var now = _time.GetUtcNow().UtcTicks;
        while (TryTake(now, out var parked))
        {
            parked.Destination.AddWaiting(-1);
            _due(parked);
        }
    }

    private bool TryTake(long now, out Parked parked)
    {
        lock (_lock)
        {
            if (_heap.TryPeek(out parked, out var due))
            {
                if (due <= now)
                {
                    _heap.Dequeue();
                    return true;
                }

                Arm(due);
            }
            else
            {
                _armed = long.MaxValue;
            }

            return false;
        }
    }

    private void Arm(long due)
    {
        _armed = due;
        var wait = TimeSpan.FromTicks(Math.Max(0, due - _time.GetUtcNow().UtcTicks)) + Grain;

        // A timer has an upper limit, and a wall clock may be set: look again within a day in any case.
        _timer.Change(wait < Longest ? wait : Longest, Timeout.InfiniteTimeSpan);
    }
}
