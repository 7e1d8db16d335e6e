namespace Pillarbox.Hosting;

/// <summary>Tells whether files have changed since they were last asked about, by size and time: works on every file system, and through links.</summary>
internal sealed class FileStamps
{
    private readonly Dictionary<string, (long Length, long Ticks)> _seen = new(StringComparer.Ordinal);

    /// <summary>Whether a file has changed since the last call; the first call only looks.</summary>
    public bool HasChanged(string file)
    {
        var target = (File.Exists(file) ? File.ResolveLinkTarget(file, returnFinalTarget: true) as FileInfo : null) ?? new FileInfo(file);
        var stamp = target.Exists ? (target.Length, target.LastWriteTimeUtc.Ticks) : (-1L, 0L);
        var isKnown = _seen.TryGetValue(file, out var before);
        _seen[file] = stamp;
        return isKnown && before != stamp;
    }
}
