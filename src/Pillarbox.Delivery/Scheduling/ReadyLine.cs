namespace Pillarbox.Delivery.Scheduling;

/// <summary>
/// Who waits, first come first served, but that the urgent go ahead (RFC 6710 §5.1). Each level of priority is worth <see cref="Lead"/> places, so
/// that nobody is overtaken without end, however much that is urgent keeps coming. Ordinary mail, which is nearly all, costs no more than a queue.
/// </summary>
internal sealed class ReadyLine<T>
{
    /// <summary>How many places in the line a level of priority is worth.</summary>
    public const int Lead = 1000;

    private readonly Queue<(T Item, long Place)> _ordinary = new();
    private readonly PriorityQueue<(T Item, int Priority), long> _others = new();
    private long _next;

    /// <summary>How many wait.</summary>
    public int Count => _ordinary.Count + _others.Count;

    /// <summary>The priority of who is next; 0 where nobody waits.</summary>
    public int Priority => OthersFirst ? _others.Peek().Priority : 0;

    /// <summary>Joins the line.</summary>
    public void Enqueue(T item, int priority)
    {
        var place = _next++;
        if (priority == 0)
            _ordinary.Enqueue((item, place));
        else
            _others.Enqueue((item, priority), place - ((long)priority * Lead));
    }

    /// <summary>Takes who is next.</summary>
    public bool TryDequeue([System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out T item)
    {
        if (OthersFirst)
        {
            item = _others.Dequeue().Item;
            return true;
        }

        var found = _ordinary.TryDequeue(out var first);
        item = first.Item;
        return found;
    }

    private bool OthersFirst =>
        _others.TryPeek(out _, out var place) && (!_ordinary.TryPeek(out var first) || place <= first.Place);
}
