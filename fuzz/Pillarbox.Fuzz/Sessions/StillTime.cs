namespace Pillarbox.Fuzzing.Sessions;

/// <summary>Time that stands: a delay of some seconds is over at once, a longer one and what recurs never comes.</summary>
internal sealed class StillTime : TimeProvider
{
    private static readonly TimeSpan _atOnce = TimeSpan.FromSeconds(10);
    private static readonly DateTimeOffset _now = new(2026, 11, 3, 9, 0, 0, TimeSpan.Zero);

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _now;

    /// <inheritdoc/>
    public override long GetTimestamp() => 1;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new StillTimer(callback, state, dueTime, period);

    private sealed class StillTimer : ITimer
    {
        private readonly TimerCallback _callback;
        private readonly object? _state;

        public StillTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            (_callback, _state) = (callback, state);
            Change(dueTime, period);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime >= TimeSpan.Zero && dueTime <= _atOnce && period <= TimeSpan.Zero)
                ThreadPool.QueueUserWorkItem(_ => _callback(_state));
            return true;
        }

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
