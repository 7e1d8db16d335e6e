using System.Runtime.InteropServices;

namespace Pillarbox.Reference.Classifying;

/// <summary>
/// Finds which of many phrases occur in a text. Each phrase is entered under four of its characters in a row, the four that fewest
/// others have; a text is gone through once, and only phrases under the four characters at hand are compared. Shorter phrases, such as
/// "tls" or a word of two Chinese characters, are entered under their first two.
/// </summary>
internal sealed class PhraseIndex
{
    /// <summary>Characters that a phrase has at least.</summary>
    public const int Shortest = 2;

    private const int Width = 4;

    private readonly string[] _phrases;
    private readonly Dictionary<ulong, List<(int Phrase, int Offset)>> _long = [];
    private readonly Dictionary<ulong, List<(int Phrase, int Offset)>> _short = [];

    /// <param name="phrases">Folded as <see cref="FoldedText"/> folds.</param>
    public PhraseIndex(IReadOnlyList<string> phrases)
    {
        _phrases = [.. phrases];
        var counts = new Dictionary<ulong, int>();
        foreach (var phrase in _phrases)
        {
            for (var at = 0; at + Width <= phrase.Length; at++)
                CollectionsMarshal.GetValueRefOrAddDefault(counts, Four(phrase, at), out _)++;
        }

        for (var index = 0; index < _phrases.Length; index++)
        {
            var phrase = _phrases[index];
            if (phrase.Length < Width)
                Enter(_short, Two(phrase, 0), index, 0);
            else
                Enter(_long, Rarest(phrase, counts, out var offset), index, offset);
        }
    }

    /// <summary>Marks the phrases that occur.</summary>
    /// <param name="text">Folded.</param>
    /// <param name="found">A place a phrase, in the order in which they were given.</param>
    /// <param name="isApart">Whether a phrase counts only where no further letter is before or behind it: "au.com" is not in "bureau.com".</param>
    public void Find(ReadOnlySpan<char> text, Span<bool> found, bool isApart = false)
    {
        for (var at = 0; at + Shortest <= text.Length; at++)
        {
            if (at + Width <= text.Length && _long.TryGetValue(Four(text, at), out var candidates))
                Mark(candidates, text, at, found, isApart);
            if (_short.Count > 0 && _short.TryGetValue(Two(text, at), out candidates))
                Mark(candidates, text, at, found, isApart);
        }
    }

    private void Mark(List<(int Phrase, int Offset)> candidates, ReadOnlySpan<char> text, int at, Span<bool> found, bool isApart)
    {
        foreach (var (phrase, offset) in candidates)
        {
            if (!found[phrase] && at >= offset && text[(at - offset)..].StartsWith(_phrases[phrase], StringComparison.Ordinal)
                && (!isApart || IsApart(text, at - offset, _phrases[phrase])))
                found[phrase] = true;
        }
    }

    // Digits may follow: "mwinf5c14", "0x800ccc79", "lpn007".
    private static bool IsApart(ReadOnlySpan<char> text, int start, string phrase)
    {
        var end = start + phrase.Length;
        return (start == 0 || !char.IsAsciiLetterOrDigit(phrase[0]) || !char.IsAsciiLetterOrDigit(text[start - 1]))
            && (end == text.Length || !char.IsAsciiLetterOrDigit(phrase[^1]) || !char.IsAsciiLetter(text[end]));
    }

    private static ulong Rarest(string phrase, Dictionary<ulong, int> counts, out int offset)
    {
        offset = 0;
        for (var at = 1; at + Width <= phrase.Length; at++)
        {
            if (counts[Four(phrase, at)] < counts[Four(phrase, offset)])
                offset = at;
        }

        return Four(phrase, offset);
    }

    private static void Enter(Dictionary<ulong, List<(int Phrase, int Offset)>> entries, ulong key, int phrase, int offset)
    {
        if (!entries.TryGetValue(key, out var list))
            entries.Add(key, list = []);
        list.Add((phrase, offset));
    }

    private static ulong Four(ReadOnlySpan<char> text, int at) =>
        text[at] | ((ulong)text[at + 1] << 16) | ((ulong)text[at + 2] << 32) | ((ulong)text[at + 3] << 48);

    private static ulong Two(ReadOnlySpan<char> text, int at) => text[at] | ((ulong)text[at + 1] << 16);
}
