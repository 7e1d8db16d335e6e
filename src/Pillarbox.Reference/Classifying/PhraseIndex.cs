using System.Runtime.InteropServices;

namespace Pillarbox.Reference.Classifying;

/// <summary>
/// Finds which of many phrases occur in a text. Each phrase is entered under four of its characters in a row, the four that fewest
/// others have; a text is gone through once, and only phrases under the four characters at hand are compared.
/// </summary>
internal sealed class PhraseIndex
{
    private const int Key = 4;

    private readonly string[] _phrases;
    private readonly Dictionary<ulong, List<(int Phrase, int Offset)>> _entries = [];

    /// <param name="phrases">Each of four characters at least, folded as <see cref="FoldedText"/> folds.</param>
    public PhraseIndex(IReadOnlyList<string> phrases)
    {
        _phrases = [.. phrases];
        var counts = new Dictionary<ulong, int>();
        foreach (var phrase in _phrases)
        {
            for (var at = 0; at + Key <= phrase.Length; at++)
                CollectionsMarshal.GetValueRefOrAddDefault(counts, KeyAt(phrase, at), out _)++;
        }

        for (var index = 0; index < _phrases.Length; index++)
        {
            var phrase = _phrases[index];
            var best = 0;
            for (var at = 1; at + Key <= phrase.Length; at++)
            {
                if (counts[KeyAt(phrase, at)] < counts[KeyAt(phrase, best)])
                    best = at;
            }

            var key = KeyAt(phrase, best);
            if (!_entries.TryGetValue(key, out var list))
                _entries.Add(key, list = []);
            list.Add((index, best));
        }
    }

    /// <summary>Marks the phrases that occur.</summary>
    /// <param name="text">Folded.</param>
    /// <param name="found">A place a phrase, in the order in which they were given.</param>
    public void Find(ReadOnlySpan<char> text, Span<bool> found)
    {
        for (var at = 0; at + Key <= text.Length; at++)
        {
            if (!_entries.TryGetValue(KeyAt(text, at), out var candidates))
                continue;
            foreach (var (phrase, offset) in candidates)
            {
                if (!found[phrase] && at >= offset && text[(at - offset)..].StartsWith(_phrases[phrase], StringComparison.Ordinal))
                    found[phrase] = true;
            }
        }
    }

    private static ulong KeyAt(ReadOnlySpan<char> text, int at) =>
        text[at] | ((ulong)text[at + 1] << 16) | ((ulong)text[at + 2] << 32) | ((ulong)text[at + 3] << 48);
}
