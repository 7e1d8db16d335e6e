using System.Buffers;
using System.Globalization;

namespace Pillarbox.Reference.Classifying;

/// <summary>Takes what stands in a text, piece by piece.</summary>
internal interface IFeatureSink
{
    /// <summary>Takes one.</summary>
    /// <param name="name">What it is known by; to be copied if it is kept.</param>
    /// <param name="start">Where it stands in the text.</param>
    /// <param name="end">Where it ends; no later than <paramref name="start"/> where it is no word of the text.</param>
    void Add(scoped ReadOnlySpan<char> name, int start, int end);
}

/// <summary>
/// What is weighed in a reply: its codes, and its words, pairs and triples of them, by their first letters and without numbers. What
/// stands for somebody or something (an address, a host, an IP address, a URL) is only that it is one. What its words are about, each, one
/// behind another, and any two of them, is weighed beside the words. Scripts without blanks between
/// words are read by pairs of characters. One pass over the start of the text; nothing is allocated for a piece.
/// </summary>
internal static class WordFeatures
{
    /// <summary>What is read of a text, in characters.</summary>
    public const int MaxLength = 4096;

    /// <summary>What is read of it, in words.</summary>
    public const int MaxWords = 128;

    /// <summary>What one text may give.</summary>
    public const int Max = (3 * MaxWords) + 8 + (2 * MaxConcepts) + (MaxConcepts * (MaxConcepts - 1) / 2);

    /// <summary>What is read of a text, in words that are about something (<see cref="Concepts"/>).</summary>
    public const int MaxConcepts = 24;

    private const int Stem = 6;
    private const int MaxArticle = 2;

    private static readonly SearchValues<char> Blanks = SearchValues.Create(" \t\r\n\u00a0\u3000");
    private static readonly SearchValues<char> OfIpAddresses = SearchValues.Create("0123456789.");

    // Thai and what follows it in Unicode, up to Chinese and Korean, is written without blanks, or with endings that matter little.
    private const char FirstUnspaced = '\u0e00';

    /// <summary>Gives all of them to a sink; equal ones as often as they stand there.</summary>
    public static void Read<TSink>(ReadOnlySpan<char> text, int? code, string? enhanced, ref TSink sink)
        where TSink : IFeatureSink
    {
        Codes(code, enhanced, ref sink);
        text = text[..Math.Min(text.Length, MaxLength)];
        Span<char> letters = stackalloc char[MaxWords * (Stem + 1)];
        var words = new Words(letters, stackalloc int[MaxWords], stackalloc int[MaxWords], stackalloc byte[MaxConcepts]);
        for (var at = 0; at < text.Length && words.Count < MaxWords;)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
                continue;
            }

            var length = text[at..].IndexOfAny(Blanks);
            var end = length < 0 ? text.Length : at + length;
            // A line separator or the like is a blank too, but no end: it is then passed as what is no letter.
            if (KindOf(text[at..end]) is { } kind)
                words.Add([kind], at, end, isWord: false, ref sink);
            else
                ReadToken(text, at, end, ref words, ref sink);
            at = end;
        }

        words.AddConcepts(ref sink);
    }

    private static void Codes<TSink>(int? code, string? enhanced, ref TSink sink)
        where TSink : IFeatureSink
    {
        Span<char> name = stackalloc char[16];
        if (code is { } basic && name.TryWrite(CultureInfo.InvariantCulture, $"={basic}", out var length))
        {
            sink.Add(name[..length], 0, 0);
            sink.Add(name[..2], 0, 0);
        }

        if (!Data.EnhancedCode.TryParse(enhanced, out var status) || status.Subject == 0)
            return;
        if (name.TryWrite(CultureInfo.InvariantCulture, $"=.{status.Subject}.{status.Detail}", out length))
            sink.Add(name[..length], 0, 0);
        if (name.TryWrite(CultureInfo.InvariantCulture, $"=.{status.Subject}", out length))
            sink.Add(name[..length], 0, 0);
    }

    private static void ReadToken<TSink>(ReadOnlySpan<char> text, int start, int end, scoped ref Words words, ref TSink sink)
        where TSink : IFeatureSink
    {
        Span<char> word = stackalloc char[Concepts.MaxLength];
        for (var at = start; at < end && words.Count < MaxWords;)
        {
            if (IsUnspaced(text[at]))
            {
                if (at + 1 < end && IsUnspaced(text[at + 1]))
                    words.AddPair(text.Slice(at, 2), at, ref sink);
                at++;
                continue;
            }

            // "d'expéditeur", "l'utente": what the word is about begins behind the apostrophe.
            var (from, length, about) = (at, 0, 0);
            for (; at < end && !IsUnspaced(text[at]) && (char.IsLetter(text[at]) || (length > 0 && text[at] is '\'' or '\u2019')); at++)
            {
                if (!char.IsLetter(text[at]))
                    about = length <= MaxArticle ? length : about;
                else if (length < word.Length)
                    word[length++] = char.ToLowerInvariant(text[at]);
            }

            if (length > 0)
            {
                words.About(word[about..length], from, at, ref sink);
                words.Add(word[..Math.Min(length, Stem)], from, at, isWord: true, ref sink);
            }
            else
                at++;
        }
    }

    private static bool IsUnspaced(char c) => c >= FirstUnspaced && (char.IsLetter(c) || char.IsSurrogate(c) || char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark);

    // '@' an address, '/' a URL, '#' an IP address, '.' a host; null for words.
    private static char? KindOf(ReadOnlySpan<char> token)
    {
        if (token.Contains("://", StringComparison.Ordinal) || token.StartsWith("www.", StringComparison.OrdinalIgnoreCase))
            return '/';
        if (token.IndexOf('@') is > 0 and var sign && sign + 1 < token.Length && char.IsLetterOrDigit(token[sign - 1]) && char.IsLetterOrDigit(token[sign + 1]))
            return '@';
        var core = token.TrimStart("<([{\"'`*");
        var end = 0;
        while (end < core.Length && (char.IsLetterOrDigit(core[end]) || core[end] is '.' or '-' or '_'))
            end++;
        core = core[..end].TrimEnd(".-");
        var dot = core.LastIndexOf('.');
        if (dot < 1 || core.Contains("..", StringComparison.Ordinal))
            return null;
        if (!core.ContainsAnyExcept(OfIpAddresses))
            return core.Count('.') == 3 ? '#' : null;
        foreach (var c in core[(dot + 1)..])
        {
            if (!char.IsAsciiLetter(c))
                return null;
        }

        return core.Length - dot > 2 ? '.' : null;
    }

    // The words so far stand one behind another with blanks between them, so that a pair or a triple is a piece of that.
    private ref struct Words(Span<char> letters, Span<int> places, Span<int> starts, Span<byte> concepts)
    {
        // Names of what words are about: "~A" one, "~A>B" one behind another, "~AB" two of a text.
        private const char FirstConcept = 'A';

        private readonly Span<byte> _concepts = concepts;
        private int _conceptCount;

        private readonly Span<char> _letters = letters;
        private readonly Span<int> _places = places;
        private readonly Span<int> _starts = starts;
        private int _length;
        private int _chained;
        private int _lastWord = -1;

        public int Count { get; private set; }

        public void Add<TSink>(scoped ReadOnlySpan<char> stem, int start, int end, bool isWord, ref TSink sink)
            where TSink : IFeatureSink
        {
            stem.CopyTo(_letters[_length..]);
            _places[_chained] = _length;
            _starts[_chained] = start;
            _length += stem.Length;
            _lastWord = isWord ? _chained : _lastWord;
            for (var first = _chained; first >= 0 && first > _chained - 3; first--)
                sink.Add(_letters[_places[first].._length], _starts[first], first <= _lastWord ? end : _starts[first]);
            _letters[_length++] = ' ';
            _chained++;
            Count++;
        }

        // Of several words in a row about the same, the first counts.
        public void About<TSink>(scoped ReadOnlySpan<char> word, int start, int end, ref TSink sink)
            where TSink : IFeatureSink
        {
            if (_conceptCount == MaxConcepts || Concepts.Instance.Of(word) is not (>= 0 and var concept) || (_conceptCount > 0 && _concepts[_conceptCount - 1] == concept))
                return;
            _concepts[_conceptCount++] = (byte)concept;
            sink.Add(['~', (char)(FirstConcept + concept)], start, end);
        }

        public readonly void AddConcepts<TSink>(ref TSink sink)
            where TSink : IFeatureSink
        {
            for (var later = 1; later < _conceptCount; later++)
            {
                var one = (char)(FirstConcept + _concepts[later]);
                sink.Add(['~', (char)(FirstConcept + _concepts[later - 1]), '>', one], 0, 0);
                for (var earlier = 0; earlier < later; earlier++)
                {
                    var other = (char)(FirstConcept + _concepts[earlier]);
                    sink.Add(one < other ? ['~', one, other] : ['~', other, one], 0, 0);
                }
            }
        }

        public void AddPair<TSink>(scoped ReadOnlySpan<char> pair, int start, ref TSink sink)
            where TSink : IFeatureSink
        {
            sink.Add(pair, start, start + 2);
            Count++;
        }
    }
}
