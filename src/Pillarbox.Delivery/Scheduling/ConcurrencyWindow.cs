namespace Pillarbox.Delivery.Scheduling;

/// <summary>
/// How many connections a destination bears: more while it goes well, half when it does not. Doubles from its start until the first trouble,
/// then grows by one a round, as TCP does. Not thread-safe.
/// </summary>
internal sealed class ConcurrencyWindow(int limit, int start = 2)
{
    private double _size = Math.Min(start, limit);
    private bool _steady;

    public int Size => (int)_size;

    public void Succeeded() => _size = Math.Min(limit, _size + (_steady ? 1 / _size : 1));

    /// <summary>The destination refused a connection or ended a session.</summary>
    public void Failed()
    {
        _steady = true;
        _size = Math.Max(1, _size / 2);
    }
}
