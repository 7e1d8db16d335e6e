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

    // Edits as people make them: a letter more, less or other, or two changed about. Letters are the same in either case, hyphen and underscore too.
    private static int Edits(string from, string to)
    {
        var edits = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++)
            edits[i, 0] = i;
        for (var j = 0; j <= to.Length; j++)
            edits[0, j] = j;
        for (var i = 1; i <= from.Length; i++)
        {
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = edits[i - 1, j - 1] + (Same(from[i - 1], to[j - 1]) ? 0 : 1);
                var best = Math.Min(replaced, 1 + Math.Min(edits[i - 1, j], edits[i, j - 1]));
                if (i > 1 && j > 1 && Same(from[i - 1], to[j - 2]) && Same(from[i - 2], to[j - 1]))
                    best = Math.Min(best, edits[i - 2, j - 2] + 1);
                edits[i, j] = best;
            }
        }

        return edits[from.Length, to.Length];
    }

    private static bool Same(char one, char other) => Plain(one) == Plain(other);

    private static char Plain(char c) => c == '_' ? '-' : char.ToLowerInvariant(c);
}
