using Pillarbox.Reference.Classifying;

namespace Pillarbox.Reference.Tests.Classifying;

/// <summary>How well weights read replies that they were not learnt from: each part is read by what is learnt from the others.</summary>
internal static class CrossValidation
{
    private const int Parts = 5;
    private const double Alike = 0.7;

    /// <summary>Each example's reason and what it is taken for.</summary>
    public static List<(ReplyReason Right, WeighedWords? Read)> Of(IReadOnlyList<WeightsTrainer.Example> examples, WeightsTrainer.Settings? settings = null)
    {
        var groups = Groups(examples);
        var all = new List<(ReplyReason, WeighedWords?)>();
        for (var part = 0; part < Parts; part++)
        {
            var others = examples.Where((_, place) => groups[place] % Parts != part).ToList();
            var weights = WordWeights.Parse(WeightsTrainer.Train(others, settings));
            all.AddRange(examples.Where((_, place) => groups[place] % Parts == part).Select(one => (one.Reason, weights.Weigh(one.Text, one.Code, one.Enhanced))));
        }

        return all;
    }

    // Replies that share most of their words are one group, and so in one part: else each would be read by what its twin has taught.
    private static int[] Groups(IReadOnlyList<WeightsTrainer.Example> examples)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var words = examples.Select(one => one.Pieces.Where(name => name[0] != '=' && !name.Contains(' ', StringComparison.Ordinal))
            .Select(name => numbers.TryGetValue(name, out var number) ? number : numbers[name] = numbers.Count).Order().ToArray()).ToArray();
        var groups = Enumerable.Range(0, examples.Count).ToArray();
        for (var one = 0; one < groups.Length; one++)
        {
            for (var other = 0; other < one; other++)
            {
                if (groups[one] != groups[other] && AreAlike(words[one], words[other]))
                {
                    var (from, to) = (groups[one], groups[other]);
                    for (var i = 0; i <= one; i++)
                        groups[i] = groups[i] == from ? to : groups[i];
                }
            }
        }

        return groups;
    }

    private static bool AreAlike(int[] one, int[] other)
    {
        if (Math.Min(one.Length, other.Length) < Alike * Math.Max(one.Length, other.Length))
            return false;
        var (shared, i, j) = (0, 0, 0);
        while (i < one.Length && j < other.Length)
        {
            if (one[i] == other[j])
                (shared, i, j) = (shared + 1, i + 1, j + 1);
            else if (one[i] < other[j])
                i++;
            else
                j++;
        }

        return shared >= Alike * (one.Length + other.Length - shared);
    }
}
