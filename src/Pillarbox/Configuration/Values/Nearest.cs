namespace Pillarbox.Configuration.Values;

/// <summary>Finds what was probably meant.</summary>
internal static class Nearest
{
    /// <summary>The candidate that is fewest edits away, or <see langword="null"/> where none is near.</summary>
    public static string? Of(string text, IEnumerable<string> candidates)
    {
        string? best = null;
        var fewest = Math.Max(text.Length < 4 ? 1 : 2, text.Length / 3) + 1;
        foreach (var candidate in candidates)
        {
            var edits = Edits(text, candidate);
            if (edits < fewest)
                (best, fewest) = (candidate, edits);
        }

        return best;
    }

    // Levenshtein's distance; letters are the same in either case, and so are hyphen and underscore.
    private static int Edits(string from, string to)
    {
        var row = new int[to.Length + 1];
        for (var j = 0; j <= to.Length; j++)
            row[j] = j;
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = diagonal + (Plain(from[i - 1]) == Plain(to[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[^1];
    }

    private static char Plain(char c) => c == '_' ? '-' : char.ToLowerInvariant(c);
}
