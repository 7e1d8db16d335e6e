using System.Collections;
using System.Globalization;
using System.Text;

namespace Pillarbox.Reference.Classifying;

/// <summary>What the words of a reply weigh most for.</summary>
/// <param name="Reason">The reason.</param>
/// <param name="Margin">By how much it outweighs the next one, for the square root of the pieces that were known.</param>
/// <param name="Words">How many pieces of the text, beside codes, were known.</param>
/// <param name="Evidence">The words that weighed most, as they stand in the text.</param>
internal sealed record WeighedWords(ReplyReason Reason, double Margin, int Words, string Evidence)
{
    // Read off replies that were not trained on (docs/decisions/0082): margins, and how often the reason was right between one and the next.
    private static readonly (double Margin, double Right)[] Calibration = [(12, 0.97), (8, 0.91), (6, 0.84), (4, 0.74), (3, 0.65), (2, 0.58), (1, 0.45)];

    /// <summary>How sure that is, 0 to 1.</summary>
    public double Confidence
    {
        get
        {
            foreach (var (margin, right) in Calibration)
            {
                if (Margin >= margin)
                    return right;
            }

            return 0.34;
        }
    }
}

/// <summary>
/// What each word, pair and triple of words says for each reason and against it, learnt from replies whose reason is known. It is asked
/// where no rule is sure; what it knows stands in <c>Wordings/weights.txt</c>, which is read when it is first asked.
/// </summary>
internal sealed class WordWeights
{
    /// <summary>What stands for a rule's name where these decided.</summary>
    public const string Id = "words";

    private const char FirstReason = 'A';
    private const int MaxPieces = 3;

    private static readonly Lazy<WordWeights> Whole = new(Load);
    private static readonly int Reasons = Enum.GetValues<ReplyReason>().Length;

    private readonly Dictionary<string, int> _rows;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly int[] _starts;
    private readonly (byte Reason, short Weight)[] _weights;

    private WordWeights(Dictionary<string, int> rows, int[] starts, (byte Reason, short Weight)[] weights)
    {
        _rows = rows;
        _lookup = rows.GetAlternateLookup<ReadOnlySpan<char>>();
        _starts = starts;
        _weights = weights;
    }

    /// <summary>Those of this assembly.</summary>
    public static WordWeights Instance => Whole.Value;

    /// <summary>Reads lines of a name, a tab, and a letter for each reason with its weight: <c>mailbo full</c>, <c>D12E-4</c>.</summary>
    public static WordWeights Parse(string text)
    {
        var rows = new Dictionary<string, int>(StringComparer.Ordinal);
        List<int> starts = [];
        List<(byte, short)> weights = [];
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (line.IndexOf('\t') is not (> 0 and var tab))
                continue;
            rows.Add(line[..tab].ToString(), starts.Count);
            starts.Add(weights.Count);
            for (var at = tab + 1; at < line.Length;)
            {
                var end = at + 1;
                while (end < line.Length && line[end] is '-' or (>= '0' and <= '9'))
                    end++;
                weights.Add(((byte)(line[at] - FirstReason), short.Parse(line[(at + 1)..end], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)));
                at = end;
            }
        }

        starts.Add(weights.Count);
        return new WordWeights(rows, [.. starts], [.. weights]);
    }

    /// <summary>Writes a line that <see cref="Parse"/> reads.</summary>
    public static void Write(StringBuilder text, string name, IEnumerable<(ReplyReason Reason, int Weight)> weights)
    {
        text.Append(name).Append('\t');
        foreach (var (reason, weight) in weights)
            text.Append((char)(FirstReason + (int)reason)).Append(weight.ToString(CultureInfo.InvariantCulture));
        text.Append('\n');
    }

    /// <summary>Weighs a reply.</summary>
    /// <param name="text">Its words; of a long text, only the start counts.</param>
    /// <param name="code">Its basic code, or null.</param>
    /// <param name="enhanced">Its enhanced code, or null.</param>
    /// <returns>Null where nothing of it is known.</returns>
    public WeighedWords? Weigh(ReadOnlySpan<char> text, int? code, string? enhanced)
    {
        var found = new Found(_lookup, new BitArray(_rows.Count), new Piece[WordFeatures.Max]);
        WordFeatures.Read(text, code, enhanced, ref found);
        Span<int> sums = stackalloc int[Reasons];
        var words = 0;
        foreach (var piece in found.Pieces)
        {
            words += piece.End > piece.Start ? 1 : 0;
            foreach (var (reason, weight) in Of(piece.Row))
                sums[reason] += weight;
        }

        if (words == 0)
            return null;
        var best = Largest(sums, -1);
        var second = Largest(sums, best);
        return new WeighedWords((ReplyReason)best, (sums[best] - sums[second]) / (Scale * Math.Sqrt(found.Pieces.Length)), words, Evidence(text, found.Pieces, best, second));
    }

    /// <summary>What a weight of one is in the file.</summary>
    public const double Scale = 16;

    private static int Largest(ReadOnlySpan<int> sums, int but)
    {
        var largest = but == 0 ? 1 : 0;
        for (var i = 0; i < sums.Length; i++)
        {
            if (i != but && sums[i] > sums[largest])
                largest = i;
        }

        return largest;
    }

    private ReadOnlySpan<(byte Reason, short Weight)> Of(int row) => _weights.AsSpan(_starts[row].._starts[row + 1]);

    private int Weight(int row, int best, int second)
    {
        var weight = 0;
        foreach (var (reason, one) in Of(row))
            weight += reason == best ? one : reason == second ? -one : 0;
        return weight;
    }

    // The pieces that told the reason from the next one, as they stand in the text, and in its order; of those that share words, the heaviest.
    private string Evidence(ReadOnlySpan<char> text, ReadOnlySpan<Piece> pieces, int best, int second)
    {
        List<(int Start, int End)> chosen = [];
        while (chosen.Count < MaxPieces)
        {
            var (heaviest, most) = (default(Piece), 0);
            foreach (var piece in pieces)
            {
                if (piece.End <= piece.Start || chosen.Any(one => piece.Start < one.End && one.Start < piece.End))
                    continue;
                if (Weight(piece.Row, best, second) is var weight && weight > most)
                    (heaviest, most) = (piece, weight);
            }

            if (most == 0)
                break;
            chosen.Add((heaviest.Start, heaviest.End));
        }

        var evidence = new StringBuilder();
        foreach (var (start, end) in chosen.OrderBy(one => one.Start))
            evidence.Append(evidence.Length > 0 ? " ... " : "").Append(text[start..end]);
        return evidence.ToString();
    }

    private static WordWeights Load()
    {
        using var stream = typeof(WordWeights).Assembly.GetManifestResourceStream("weights.txt") ?? throw new InvalidDataException("the weights are missing");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return Parse(reader.ReadToEnd());
    }

    private readonly record struct Piece(int Row, int Start, int End);

    private struct Found(Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> rows, BitArray seen, Piece[] pieces) : IFeatureSink
    {
        private int _count;

        public readonly ReadOnlySpan<Piece> Pieces => pieces.AsSpan(0, _count);

        public void Add(scoped ReadOnlySpan<char> name, int start, int end)
        {
            if (!rows.TryGetValue(name, out var row) || seen[row])
                return;
            seen[row] = true;
            pieces[_count++] = new Piece(row, start, end);
        }
    }
}
