namespace Pillarbox.Delivery.Client;

/// <summary>
/// Ends a connection whose peer takes too long. One timer a connection, touched only when it would fire too late: arming
/// for a step is a lock and a comparison, since every step of every message does it.
/// </summary>
internal sealed class Watchdog : IDisposable
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly Action _expired;
    private readonly ITimer _timer;
    private long _deadline = long.MaxValue;
    private long _scheduled = long.MaxValue;

    /// <param name="time">The clock.</param>
    /// <param name="expired">Called once per expiry, on a timer's thread.</param>
    public Watchdog(TimeProvider time, Action expired)
    {
        _time = time;
        _expired = expired;
        _timer = time.CreateTimer(static state => ((Watchdog)state!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether time ran out.</summary>
    public bool Expired { get; private set; }

    /// <summary>Gives the peer this long from now on.</summary>
    public void Arm(TimeSpan timeout)
    {
        lock (_lock)
        {
            _deadline = _time.GetTimestamp() + (long)(timeout.TotalSeconds * _time.TimestampFrequency);
            if (_deadline < _scheduled)
                Schedule(timeout);
        }
    }

    /// <summary>The peer owes nothing now.</summary>
    public void Disarm()
    {
        lock (_lock)
            _deadline = long.MaxValue;
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Schedule(TimeSpan timeout)
    {
        _scheduled = _deadline;
        _timer.Change(timeout, Timeout.InfiniteTimeSpan);
    }

    private void Fire()
    {
        lock (_lock)
        {
            _scheduled = long.MaxValue;
            if (_deadline == long.MaxValue)
                return;
            var left = _deadline - _time.GetTimestamp();
            if (left > 0)
            {
                // Rounded up to a timer's grain, so that it does not fire just ahead of the deadline again and again.
                Schedule(TimeSpan.FromMilliseconds(Math.Ceiling(left * 1000.0 / _time.TimestampFrequency) + 1));
                return;
            }

            Expired = true;
            _deadline = long.MaxValue;
        }

        _expired();
    }
}
