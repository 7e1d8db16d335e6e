using System.Text;
using System.Text.Json;
using Pillarbox.Reference.Classifying;
using Pillarbox.Reference.Reading;

namespace Pillarbox.Reference.Tests.Classifying;

/// <summary>
/// Learns the weights of words from the rules' examples and the tuning set: perceptrons that each go through the examples in an order
/// of their own, averaged over all of their steps. All counting is in whole numbers and in a fixed order, so that the file is the same
/// wherever it is made.
/// </summary>
internal static class WeightsTrainer
{
    private static readonly int Reasons = Enum.GetValues<ReplyReason>().Length;

    /// <summary>How it learns.</summary>
    public sealed record Settings
    {
        public int Perceptrons { get; init; } = 8;

        public int Rounds { get; init; } = 10;

        /// <summary>By how much the right reason must outweigh the others before an example teaches nothing more.</summary>
        public int Margin { get; init; } = 20;

        /// <summary>In how many examples a piece must stand to be learnt.</summary>
        public int LeastCount { get; init; } = 2;

        /// <summary>Smaller weights are left out, in units of the file.</summary>
        public int LeastWeight { get; init; } = 10;
    }

    /// <summary>A reply whose reason is known.</summary>
    public sealed record Example(string Text, int? Code, string? Enhanced, ReplyReason Reason)
    {
        /// <summary>What is weighed in it, each once.</summary>
        public IReadOnlyList<string> Pieces { get; } = PiecesOf(Text, Code, Enhanced);

        /// <summary>As whoever explains the text reads it.</summary>
        public static Example Of(string text, string reason)
        {
            var reply = ReplyFinder.Find(text);
            return new Example(reply?.Text is { Length: > 0 } words ? words : text, reply?.Code, reply?.Enhanced, VocabularyNames.ParseReason(reason));
        }
    }

    /// <summary>All that is learnt from.</summary>
    public static List<Example> Examples(string folder)
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "tuning.json")));
        return
        [
            .. RuleBook.Instance.Providers.OrderBy(provider => provider.Key, StringComparer.Ordinal)
                .SelectMany(provider => provider.Rules).SelectMany(rule => rule.Examples.Select(text => Example.Of(text, rule.Reason.ToName()))),
            .. file.RootElement.EnumerateArray().Select(one => Example.Of(one.GetProperty("text").GetString()!, one.GetProperty("reason").GetString()!)),
        ];
    }

    /// <summary>What rules look for, as replies that say nothing else: of these there are many more than of replies that somebody got.</summary>
    public static IEnumerable<Example> Phrases() =>
        from provider in RuleBook.Instance.Providers.OrderBy(provider => provider.Key, StringComparer.Ordinal)
        from rule in provider.Rules
        from one in rule.Any.Count > 0 ? rule.Any.Select(any => rule.All.Append(any)) : [rule.All]
        select Example.Of(string.Join(' ', one.Select(phrase => RuleBook.Instance.Phrases[phrase]).Prepend(CodeOf(rule)).Where(piece => piece.Length > 0)), rule.Reason.ToName());

    private static string CodeOf(WordingRule rule) => rule.Codes.Count == 0 ? "" : rule.Codes[0].PadRight(2, '5').PadRight(3, '0');

    /// <summary>The file of weights.</summary>
    public static string Train(IReadOnlyList<Example> examples, Settings? settings = null)
    {
        settings ??= new Settings();
        var names = Names(examples, settings.LeastCount);
        var known = examples.Select(one => (Pieces: one.Pieces.Where(names.ContainsKey).Select(name => names[name]).ToArray(), Reason: (int)one.Reason)).ToArray();
        var sums = new long[names.Count * Reasons];
        long steps = 0;
        for (var perceptron = 1; perceptron <= settings.Perceptrons; perceptron++)
            steps += Learn(known, sums, settings, new Shuffler((uint)perceptron));
        return Text(names, sums, steps, settings.LeastWeight);
    }

    private static List<string> PiecesOf(string text, int? code, string? enhanced)
    {
        var names = new NameList([], []);
        WordFeatures.Read(text, code, enhanced, ref names);
        return names.Known;
    }

    private static Dictionary<string, int> Names(IReadOnlyList<Example> examples, int least) =>
        examples.SelectMany(one => one.Pieces).CountBy(name => name, StringComparer.Ordinal).Where(one => one.Value >= least)
            .Select(one => one.Key).Order(StringComparer.Ordinal).Select((name, place) => (name, place)).ToDictionary(one => one.name, one => one.place, StringComparer.Ordinal);

    // The average of all steps is kept by when each change was made: a change at step t counts from there on.
    private static long Learn((int[] Pieces, int Reason)[] examples, long[] sums, Settings settings, Shuffler shuffler)
    {
        var weights = new int[sums.Length];
        var changes = new long[sums.Length];
        var order = Enumerable.Range(0, examples.Length).ToArray();
        Span<int> scores = stackalloc int[Reasons];
        long step = 1;
        for (var round = 0; round < settings.Rounds; round++)
        {
            shuffler.Shuffle(order);
            foreach (var place in order)
            {
                var (pieces, right) = examples[place];
                Score(weights, pieces, scores);
                scores[right] -= settings.Margin;
                var best = 0;
                for (var reason = 1; reason < Reasons; reason++)
                    best = scores[reason] > scores[best] || (scores[reason] == scores[best] && best == right) ? reason : best;
                if (best != right)
                {
                    foreach (var piece in pieces)
                    {
                        Change(weights, changes, (piece * Reasons) + right, 1, step);
                        Change(weights, changes, (piece * Reasons) + best, -1, step);
                    }
                }

                step++;
            }
        }

        for (var i = 0; i < sums.Length; i++)
            sums[i] += (weights[i] * step) - changes[i];
        return step;
    }

    private static void Score(int[] weights, int[] pieces, Span<int> scores)
    {
        scores.Clear();
        foreach (var piece in pieces)
        {
            var row = weights.AsSpan(piece * Reasons, Reasons);
            for (var reason = 0; reason < row.Length; reason++)
                scores[reason] += row[reason];
        }
    }

    private static void Change(int[] weights, long[] changes, int place, int by, long step)
    {
        weights[place] += by;
        changes[place] += by * step;
    }

    private static string Text(Dictionary<string, int> names, long[] sums, long steps, int least)
    {
        var text = new StringBuilder();
        foreach (var (name, row) in names.OrderBy(one => one.Key, StringComparer.Ordinal))
        {
            var weights = Enumerable.Range(0, Reasons)
                .Select(reason => ((ReplyReason)reason, Weight: (int)Math.Round(sums[(row * Reasons) + reason] * WordWeights.Scale / steps)))
                .Where(one => Math.Abs(one.Weight) >= least).ToList();
            if (weights.Count > 0)
                WordWeights.Write(text, name, weights);
        }

        return text.ToString();
    }

    private readonly struct NameList(List<string> known, HashSet<string> seen) : IFeatureSink
    {
        public List<string> Known { get; } = known;

        public void Add(scoped ReadOnlySpan<char> name, int start, int end)
        {
            if (seen.Add(name.ToString()))
                Known.Add(name.ToString());
        }
    }

    // xorshift (Marsaglia 2003): an order that depends on nothing but the number it starts with.
    private sealed class Shuffler(uint seed)
    {
        private uint _state = seed * 2654435761;

        public void Shuffle(int[] order)
        {
            for (var last = order.Length - 1; last > 0; last--)
            {
                _state ^= _state << 13;
                _state ^= _state >> 17;
                _state ^= _state << 5;
                var other = (int)(_state % (uint)(last + 1));
                (order[last], order[other]) = (order[other], order[last]);
            }
        }
    }
}
