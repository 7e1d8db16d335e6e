namespace Pillarbox.Queue.Threads;

/// <summary>
/// Hands items from many threads to one that takes all there are at once. The lock is held for a few instructions and nothing is
/// allocated per item: two lists change places.
/// </summary>
internal sealed class HandOver<T>
{
    private readonly object _gate = new();
    private List<T> _incoming = [];
    private bool _waiting;
    private bool _closed;

    /// <summary>Adds an item.</summary>
    /// <returns>False once closed: nobody would take it.</returns>
    public bool TryAdd(T item)
    {
        lock (_gate)
        {
            if (_closed)
                return false;
            _incoming.Add(item);
            if (_waiting)
                Monitor.Pulse(_gate);
            return true;
        }
    }

    /// <summary>Adds several items at once.</summary>
    /// <returns>False once closed: nobody would take them.</returns>
    public bool TryAdd(IReadOnlyList<T> items)
    {
        lock (_gate)
        {
            if (_closed)
                return false;
            _incoming.AddRange(items);
            if (_waiting)
                Monitor.Pulse(_gate);
            return true;
        }
    }

    /// <summary>Waits on the calling thread until there are items, then takes them all, in order.</summary>
    /// <param name="items">An empty list to take them with; on return, the items.</param>
    /// <returns>False when closed and empty.</returns>
    public bool TakeAll(ref List<T> items)
    {
        lock (_gate)
        {
            while (_incoming.Count == 0)
            {
                if (_closed)
                    return false;
                _waiting = true;
                Monitor.Wait(_gate);
                _waiting = false;
            }

            (items, _incoming) = (_incoming, items);
            return true;
        }
    }

    /// <summary>Takes no more; what is there is still taken.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.PulseAll(_gate);
        }
    }
}
