using System.Text;

namespace Pillarbox.Reference.Classifying;

/// <summary>
/// What words are about, whatever the word and its language: that of a recipient are "mailbox", "user", "Empfänger", "odbiorca". Two
/// replies that share no word may speak of the same: of a recipient, and of one that is not known. The lists stand in
/// <c>Wordings/concepts.txt</c>: a line a concept, beginnings of words, or with a full stop behind it a whole word.
/// </summary>
internal sealed class Concepts
{
    /// <summary>What is read of a word, in letters.</summary>
    public const int MaxLength = 16;

    private const int Shortest = 2;

    private static readonly Lazy<Concepts> Whole = new(Load);

    private readonly Dictionary<string, byte> _beginnings = new(StringComparer.Ordinal);
    private readonly Dictionary<string, byte> _words = new(StringComparer.Ordinal);
    private readonly Dictionary<string, byte>.AlternateLookup<ReadOnlySpan<char>> _beginning;
    private readonly Dictionary<string, byte>.AlternateLookup<ReadOnlySpan<char>> _word;

    private Concepts(string text)
    {
        byte concept = 0;
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            foreach (var word in line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                if (word[^1] == '.')
                    _words.Add(word[..^1], concept);
                else
                    _beginnings.Add(word, concept);
            }

            concept++;
        }

        Count = concept;
        _beginning = _beginnings.GetAlternateLookup<ReadOnlySpan<char>>();
        _word = _words.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Those of this assembly.</summary>
    public static Concepts Instance => Whole.Value;

    /// <summary>How many there are.</summary>
    public int Count { get; }

    /// <summary>The concept of a word in small letters, or -1; the longest beginning counts.</summary>
    public int Of(ReadOnlySpan<char> word)
    {
        if (_word.TryGetValue(word, out var concept))
            return concept;
        for (var length = word.Length; length >= Shortest; length--)
        {
            if (_beginning.TryGetValue(word[..length], out concept))
                return concept;
        }

        return -1;
    }

    private static Concepts Load()
    {
        using var stream = typeof(Concepts).Assembly.GetManifestResourceStream("concepts.txt") ?? throw new InvalidDataException("the concepts are missing");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return new Concepts(reader.ReadToEnd());
    }
}
