using System.Globalization;
using System.Text.Json;
using Pillarbox.Reference.Classifying;

namespace Pillarbox.Reference.Tests.Classifying;

/// <summary>
/// How well single replies are read: on the examples that the rules were written from, and on those that whoever wrote the rules had not
/// seen. The figures go to <c>artifacts/accuracy</c>, where <c>./test</c> prints them from.
/// </summary>
public sealed class AccuracyTests
{
    [Theory]
    [InlineData("tuning")]
    [InlineData("held-back")]
    public void Replies_are_read_right(string part)
    {
        var score = Score.Of(part, Read(part));

        // What is reached, so that a change for the worse shows. The aim is 0.95 and 0.99.
        Assert.InRange(score.Reason, part == "tuning" ? 0.97 : 0.94, 1);
        Assert.InRange(score.Code, part == "tuning" ? 0.98 : 0.97, 1);
    }

    // The table says which reasons are taken for which; it is written anew by GOLDEN=write.
    [Fact]
    public void Table_of_what_is_taken_for_what_is_true()
    {
        var lines = new List<string>
        {
            "# Which reasons are taken for which", "",
            "Single replies of the held-back part, which those who wrote the rules did not see. Rows are what a reply means, as people labelled it; a row says how many of them were read so, and as what the others.", "",
            "| reason | replies | read right | taken for |", "| --- | --- | --- | --- |",
        };
        foreach (var row in Read("held-back").GroupBy(one => one.Reason).OrderBy(row => row.Key, StringComparer.Ordinal))
        {
            var read = row.Select(one => Explainer.ExplainText(one.Text)?.Reason.ToName() ?? "undefined").ToList();
            var others = read.Where(reason => reason != row.Key).GroupBy(reason => reason).OrderBy(other => other.Key, StringComparer.Ordinal).Select(other => $"{other.Key} {other.Count()}");
            lines.Add($"| {row.Key} | {read.Count} | {read.Count(reason => reason == row.Key)} | {string.Join(", ", others)} |");
        }

        var text = string.Join('\n', lines) + "\n";
        var path = Path.Combine(Folder(), "..", "..", "..", "docs", "reasons.md");
        if (Environment.GetEnvironmentVariable("GOLDEN") == "write")
            File.WriteAllText(path, text);
        Assert.Equal(text, File.ReadAllText(path));
    }

    private static string Folder([System.Runtime.CompilerServices.CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    [Fact]
    public void Held_back_replies_are_many_and_none_of_them_is_an_example_of_a_rule()
    {
        var own = RuleBook.Instance.Providers.SelectMany(provider => provider.Rules).SelectMany(rule => rule.Examples).Select(text => FoldedText.Fold(text)).ToHashSet();

        Assert.True(Read("held-back").Count >= 700);
        Assert.InRange(Read("held-back").Count(one => own.Contains(FoldedText.Fold(one.Text))), 0, Read("held-back").Count / 50);
    }

    private static List<Labelled> Read(string part)
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Classifying", $"{part}.json")));
        return
        [
            .. file.RootElement.EnumerateArray().Select(one => new Labelled(
                one.GetProperty("text").GetString()!,
                one.GetProperty("code") is { ValueKind: JsonValueKind.Number } code ? code.GetInt32() : null,
                one.GetProperty("enhanced").GetString(),
                one.GetProperty("reason").GetString()!)),
        ];
    }

    private sealed record Labelled(string Text, int? Code, string? Enhanced, string Reason);

    private sealed record Score(double Reason, double Code)
    {
        public static Score Of(string name, IReadOnlyList<Labelled> all)
        {
            var (reasons, codes) = (0, 0);
            List<string> wrong = [];
            foreach (var one in all)
            {
                var explanation = Explainer.ExplainText(one.Text);
                var reason = explanation?.Reason.ToName() ?? "undefined";
                var isCode = explanation?.Code == one.Code && explanation?.Enhanced == one.Enhanced;
                reasons += reason == one.Reason ? 1 : 0;
                codes += isCode ? 1 : 0;
                if (reason != one.Reason || !isCode)
                    wrong.Add($"{one.Reason} {one.Code} {one.Enhanced} read as {reason} {explanation?.Code} {explanation?.Enhanced} by {explanation?.Wording?.Rule ?? "the codes"}: {one.Text.ReplaceLineEndings(" / ")}");
            }

            var score = new Score((double)reasons / all.Count, (double)codes / all.Count);
            Write(name, string.Create(CultureInfo.InvariantCulture, $"wordings, {name}: {all.Count} replies, reason {score.Reason:P1}, code {score.Code:P1}"), wrong);
            return score;
        }

        private static void Write(string name, string line, List<string> wrong)
        {
            var folder = Environment.GetEnvironmentVariable("PILLARBOX_ACCURACY") ?? Path.Combine(Path.GetTempPath(), "pillarbox-accuracy");
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, $"wordings-{name}.txt"), line + "\n");
            if (name == "tuning")
                File.WriteAllLines(Path.Combine(folder, "wordings-tuning-wrong.list"), wrong);
        }
    }
}
