namespace Pillarbox.Bounces.Reading;

/// <summary>
/// Lines too long to mean anything, shortened before a message is parsed: the time to decode a field of the header grows with the square
/// of its length. A line and those that continue it count as one.
/// </summary>
internal static class LongLines
{
    /// <summary>Octets that are kept of one.</summary>
    public const int MaxLength = 16 << 10;

    /// <summary>Shortens them in place.</summary>
    /// <returns>The length that is left.</returns>
    public static int Cut(Span<byte> message)
    {
        var (written, kept) = (0, 0);
        for (var at = 0; at < message.Length;)
        {
            var length = message[at..].IndexOf((byte)'\n');
            var isWhole = length >= 0;
            var line = message.Slice(at, isWhole ? length + 1 : message.Length - at);
            kept = line[0] is (byte)' ' or (byte)'\t' ? kept : 0;
            var keep = Math.Min(line.Length, MaxLength - kept);
            line[..keep].CopyTo(message[written..]);
            written += keep;
            kept += keep;
            if (keep > 0 && keep < line.Length && isWhole)
                message[written++] = (byte)'\n';
            at += line.Length;
        }

        return written;
    }
}
