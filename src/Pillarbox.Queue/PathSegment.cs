namespace Pillarbox.Queue;

/// <summary>What may stand for <c>{local}</c> and <c>{domain}</c> in a path: one segment that cannot leave its directory.</summary>
public static class PathSegment
{
    /// <summary>Octets that a file's name has on the file systems in use.</summary>
    public const int MaxOctets = 255;

    /// <summary>
    /// False for what is empty, begins with a dot (so <c>.</c> and <c>..</c> too), holds <c>/</c>, <c>\</c>, NUL or another control
    /// character, or is longer than a file's name may be.
    /// </summary>
    public static bool IsSafe(ReadOnlySpan<char> segment)
    {
        if (segment.IsEmpty || segment[0] == '.' || segment.ContainsAny('/', '\\') || System.Text.Encoding.UTF8.GetByteCount(segment) > MaxOctets)
            return false;
        foreach (var c in segment)
        {
            if (char.IsControl(c))
                return false;
        }

        return true;
    }
}
