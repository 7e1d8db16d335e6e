using System.Globalization;
using Pillarbox.Reference.Classifying;

namespace Pillarbox.Reference.Tests.Classifying;

/// <summary>The weights of words: that they are what the examples teach, and how well they read what they have not seen.</summary>
public sealed class WeightsTests
{
    private static readonly List<WeightsTrainer.Example> Examples = WeightsTrainer.Examples(Path.Combine(AppContext.BaseDirectory, "Classifying"));

    // Written anew by GOLDEN=write ./test Reference, and to be so whenever a rule's example or a tuning reply changes; the next build takes it in.
    [Fact]
    public void Committed_weights_are_what_the_examples_teach()
    {
        var path = Path.Combine(Folder(), "..", "..", "..", "src", "Pillarbox.Reference", "Wordings", "weights.txt");
        var weights = WeightsTrainer.Train([.. Examples, .. WeightsTrainer.Phrases()]);
        if (Environment.GetEnvironmentVariable("GOLDEN") == "write")
            File.WriteAllText(path, weights);

        Assert.True(weights == File.ReadAllText(path), "the examples have changed since the weights were learnt: run GOLDEN=write ./test Reference");
        Assert.InRange(weights.Length, 1, 600_000);
    }

    [Fact]
    public void Replies_that_were_not_learnt_from_are_read_and_the_stated_confidence_is_true()
    {
        var read = CrossValidation.Of(Examples);
        var right = read.Count(one => one.Read?.Reason == one.Right);
        Write(string.Create(CultureInfo.InvariantCulture, $"weights alone, cross-validated: {read.Count} replies, reason {(double)right / read.Count:P1}"));

        Assert.InRange((double)right / read.Count, 0.72, 1);
        foreach (var stated in read.Where(one => one.Read is not null).GroupBy(one => one.Read!.Confidence))
            Assert.InRange((double)stated.Count(one => one.Read!.Reason == one.Right) / stated.Count(), stated.Key - 0.07, stated.Key + 0.07);
    }

    [Fact]
    public void Words_that_weighed_most_are_shown_as_they_stand_in_the_text()
    {
        const string Text = "Sorry, the Mailbox of <ann@example.org> is FULL today";

        var words = WordWeights.Instance.Weigh(Text, 550, null);

        Assert.Equal(ReplyReason.MailboxFull, words?.Reason);
        Assert.All(words!.Evidence.Split(" ... "), piece => Assert.Contains(piece, Text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("192.0.2.1 <ann@example.org> 12345")]
    public void Text_without_words_is_not_weighed(string text) => Assert.Null(WordWeights.Instance.Weigh(text, 550, "5.1.1"));

    [Fact]
    public void Of_a_long_text_only_the_start_is_read()
    {
        foreach (var piece in new[] { "mailbox full ", "a ", "'", "\u0e01", "mailbox", "@", "a.", "\ud83d", "<[{" })
        {
            var text = string.Concat(Enumerable.Repeat(piece, 100_000 / piece.Length));
            var count = new Counter();
            WordFeatures.Read(text, 550, "5.1.1", ref count);

            Assert.InRange(count.Count, 4, WordFeatures.Max);
            Assert.InRange(count.Last, 0, WordFeatures.MaxLength);
        }
    }

    private static string Folder([System.Runtime.CompilerServices.CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    private static void Write(string line)
    {
        var folder = Environment.GetEnvironmentVariable("PILLARBOX_ACCURACY") ?? Path.Combine(Path.GetTempPath(), "pillarbox-accuracy");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "weights.txt"), line + "\n");
    }

    private struct Counter : IFeatureSink
    {
        public int Count { get; private set; }

        public int Last { get; private set; }

        public void Add(scoped ReadOnlySpan<char> name, int start, int end) => (Count, Last) = (Count + 1, Math.Max(Last, end));
    }
}
