namespace Pillarbox.Queue;

/// <summary>
/// Makes ids that increase: 44 bits of milliseconds since 1970 (until the year 2527) and 20 bits of a counter, which runs on
/// into the next millisecond when a million are made in one. Thread-safe.
/// </summary>
public sealed class QueueIdSource(TimeProvider time)
{
    private long _last;

    /// <summary>The next id: larger than each that this source gave or was told of.</summary>
    public QueueId Next()
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds() << 20;
        while (true)
        {
            var last = Volatile.Read(ref _last);
            var next = Math.Max(now, last + 1);
            if (Interlocked.CompareExchange(ref _last, next, last) == last)
                return new QueueId((ulong)next);
        }
    }

    /// <summary>Tells of an id that is in use, as found in the store at start (a clock may have gone back).</summary>
    public void Observe(QueueId id)
    {
        var seen = (long)id.Value;
        var last = Volatile.Read(ref _last);
        while (seen > last)
        {
            var current = Interlocked.CompareExchange(ref _last, seen, last);
            if (current == last)
                return;
            last = current;
        }
    }
}
