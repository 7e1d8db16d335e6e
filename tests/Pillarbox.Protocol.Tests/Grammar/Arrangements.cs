using System.Text;
using Pillarbox.Protocol.Grammar;

namespace Pillarbox.Protocol.Tests.Grammar;

/// <summary>
/// All arrangements of the octets with which the end of a message is forged, and what is to be made of them, said as plainly as can be:
/// by searching and replacing in strings.
/// </summary>
internal static class Arrangements
{
    private const string Octets = "\r\n.\0a";

    /// <summary>All up to a length, the empty one too: 19,531 of up to 6.</summary>
    public static IEnumerable<string> UpTo(int length)
    {
        for (var size = 0; size <= length; size++)
        {
            for (var n = 0; n < (int)Math.Pow(Octets.Length, size); n++)
            {
                yield return string.Create(size, n, static (span, value) =>
                {
                    for (var i = 0; i < span.Length; i++, value /= Octets.Length)
                        span[i] = Octets[value % Octets.Length];
                });
            }
        }
    }

    /// <summary>Where a message that comes by DATA ends: how many octets it has on the wire, or -1.</summary>
    public static int EndOf(string wire)
    {
        // The CRLF of DATA itself is the first of CRLF.CRLF where the message is empty.
        var end = ("\r\n" + wire).IndexOf("\r\n.\r\n", StringComparison.Ordinal);
        return end < 0 ? -1 : end + 3;
    }

    /// <summary>The message without the dots that the client added; <paramref name="wire"/> goes up to the end.</summary>
    public static string Unstuff(string wire)
    {
        var lines = ("\r\n" + wire[..^3]).Replace("\r\n.", "\r\n", StringComparison.Ordinal);
        return lines[2..];
    }

    /// <summary>What a message is kept as: text whose lines all end in CRLF, or nothing, for one of these reasons.</summary>
    public static (string? Kept, HashSet<DataFault> Faults) Judge(string text, bool normalize)
    {
        var faults = new HashSet<DataFault>();
        var bare = text.Replace("\r\n", "", StringComparison.Ordinal);
        if (bare.Contains('\r', StringComparison.Ordinal) || (!normalize && bare.Contains('\n', StringComparison.Ordinal)))
            faults.Add(DataFault.BareNewline);

        var kept = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace("\n", "\r\n", StringComparison.Ordinal);
        var lines = kept.Split("\r\n");
        if (lines.Any(line => line != "." && line.Replace("\0", "", StringComparison.Ordinal) == "."))
            faults.Add(DataFault.HiddenDot);
        return (faults.Count == 0 ? kept : null, faults);
    }

    /// <summary>Octets as text, to be read.</summary>
    public static string Show(string text) => new StringBuilder(text)
        .Replace("\\", "\\\\").Replace("\r", "\\r").Replace("\n", "\\n").Replace("\0", "\\0").ToString();
}
