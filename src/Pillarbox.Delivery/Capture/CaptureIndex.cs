using System.Diagnostics.CodeAnalysis;
using Pillarbox.Queue;

namespace Pillarbox.Delivery.Capture;

/// <summary>A file of records. Written by one writer; once a newer one is begun it never changes again.</summary>
internal sealed class CaptureSegment(int number, string path)
{
    public int Number { get; } = number;

    public string Path { get; } = path;

    /// <summary>Octets of whole, synced records.</summary>
    public long Length { get; set; }

    /// <summary>Messages in it that are still kept.</summary>
    public int Kept { get; set; }
}

/// <summary>Where a kept message lies.</summary>
internal sealed record CaptureEntry(QueueId Id, long Sequence, CaptureSegment Segment, long Offset, int MetaLength, long RawLength)
{
    public long MetaOffset => Offset + CaptureRecord.HeadLength;

    public long RawOffset => MetaOffset + MetaLength;
}

/// <summary>What is kept, oldest to newest: a few dozen octets a message, whatever its size. Not thread-safe.</summary>
internal sealed class CaptureIndex
{
    private readonly LinkedList<CaptureEntry> _order = new();
    private readonly Dictionary<QueueId, LinkedListNode<CaptureEntry>> _byId = [];

    public int Count => _byId.Count;

    /// <summary>The sequence of the oldest kept message, or <paramref name="next"/> when there is none.</summary>
    public long Floor(long next) => _order.First?.Value.Sequence ?? next;

    public bool Contains(QueueId id) => _byId.ContainsKey(id);

    public bool TryGet(QueueId id, [NotNullWhen(true)] out CaptureEntry? entry)
    {
        entry = _byId.TryGetValue(id, out var node) ? node.Value : null;
        return entry is not null;
    }

    public void Add(CaptureEntry entry)
    {
        if (_byId.TryAdd(entry.Id, new LinkedListNode<CaptureEntry>(entry)))
        {
            _order.AddLast(_byId[entry.Id]);
            entry.Segment.Kept++;
        }
    }

    public bool Remove(QueueId id)
    {
        if (!_byId.Remove(id, out var node))
            return false;
        _order.Remove(node);
        node.Value.Segment.Kept--;
        return true;
    }

    public bool RemoveOldest() => _order.First is { } first && Remove(first.Value.Id);

    /// <summary>Forgets what is older than <paramref name="floor"/>.</summary>
    public void RemoveBelow(long floor)
    {
        while (_order.First is { } first && first.Value.Sequence < floor)
            Remove(first.Value.Id);
    }

    /// <summary>The newest first, from the one before <paramref name="before"/> where it is named and kept.</summary>
    public List<CaptureEntry> Newest(int count, QueueId? before)
    {
        var node = before is { } id ? _byId.GetValueOrDefault(id)?.Previous : _order.Last;
        var entries = new List<CaptureEntry>(Math.Min(count, _byId.Count));
        for (; node is not null && entries.Count < count; node = node.Previous)
            entries.Add(node.Value);
        return entries;
    }
}
