using System.Text.RegularExpressions;
using Pillarbox.Reference.Comparing;

namespace Pillarbox.Reference.Tests;

/// <summary>Two replies side by side.</summary>
public sealed partial class CompareTests
{
    public static TheoryData<string> Languages() => new(ReplyReference.Languages);

    public static TheoryData<string, string> Written() => new(ReplyReference.WrittenComparisons);

    [Theory]
    [MemberData(nameof(Languages))]
    public void Every_pair_of_basic_codes_compares_in_whole_sentences(string tag)
    {
        var all = ReplyReference.List(tag).Where(one => one.Code is not null).ToList();

        Assert.True(all.Count >= 65);
        AssertAllPairs(all, all, tag);
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void Every_pair_with_an_enhanced_code_compares_in_whole_sentences(string tag)
    {
        var all = ReplyReference.List(tag);

        AssertAllPairs([.. all.Where(one => one.Code is null)], [.. all.Where((_, index) => index % 5 == 0)], tag);
    }

    // Pairs as servers send them, beside each other and beside their halves.
    [Theory]
    [MemberData(nameof(Languages))]
    public void Every_tenth_two_pairs_compare_in_whole_sentences(string tag)
    {
        var context = new ReplyContext(Language: tag);
        var pairs = ReplyReference.List().Where(one => one.Code >= 200).SelectMany(one => one.Pairs.Select(enhanced => $"{one.Code} {enhanced}"))
            .Concat(ReplyReference.List().Select(one => one.Label)).Select(label => ReplyReference.Find(label, context)!).ToList();

        for (var i = 0; i < pairs.Count; i++)
        {
            for (var j = i + 1 + (i % 10); j < pairs.Count; j += 10)
                AssertWhole(ReplyReference.Compare(pairs[i], pairs[j]), tag, areListed: false);
        }
    }

    [Theory]
    [InlineData("299", "5.9.9")]
    [InlineData("398", "598")]
    [InlineData("499", "4.9.9")]
    public void Codes_that_nobody_knows_are_not_called_the_same_matter(string one, string other)
    {
        var comparison = ReplyReference.Compare(ReplyReference.Find(one)!, ReplyReference.Find(other)!);

        Assert.DoesNotMatch("the same (matter|trouble)", comparison.Summary);
        AssertWhole(comparison, "en", areListed: false);
    }

    [Fact]
    public void Order_in_which_two_are_named_makes_no_difference()
    {
        var all = ReplyReference.List().Order(ReplyOrder.Instance).ToList();
        Assert.Equal(["101", "111"], all.Take(2).Select(one => one.Label));
        Assert.True(all.FindIndex(one => one.Label == "4.7.1") < all.FindIndex(one => one.Label == "5.1.1"));
        for (var i = 0; i + 7 < all.Count; i++)
        {
            var comparison = ReplyReference.Compare(all[i + 7], all[i]);
            Assert.Equal((all[i].Label, all[i + 7].Label), (comparison.Left.Label, comparison.Right.Label));
            Assert.Equal(comparison.ToJson(), ReplyReference.Compare(all[i], all[i + 7]).ToJson());
        }
    }

    [Fact]
    public void Reply_is_not_compared_with_itself() =>
        Assert.Throws<ArgumentException>(() => ReplyReference.Compare(ReplyReference.Find("550")!, ReplyReference.Find("550")!));

    [Theory]
    [MemberData(nameof(Written))]
    public void Written_comparison_is_found_by_its_codes_and_stands_in_order(string left, string right)
    {
        foreach (var tag in ReplyReference.Languages)
        {
            var context = new ReplyContext(Language: tag);
            var comparison = ReplyReference.Compare(ReplyReference.Find(right, context)!, ReplyReference.Find(left, context)!);

            Assert.True(comparison.IsWritten);
            Assert.Equal((left, right, tag), (comparison.Left.Label, comparison.Right.Label, comparison.Lang));
            AssertWhole(comparison, tag);
        }
    }

    // The pairs that people confuse most; the list may grow, none of these may go.
    [Theory]
    [InlineData("221", "421")]
    [InlineData("221", "235")]
    [InlineData("235", "250")]
    [InlineData("250", "251")]
    [InlineData("250", "252")]
    [InlineData("251", "252")]
    [InlineData("334", "354")]
    [InlineData("421", "450")]
    [InlineData("421", "451")]
    [InlineData("450", "451")]
    [InlineData("450", "550")]
    [InlineData("530", "535")]
    [InlineData("534", "535")]
    [InlineData("535", "538")]
    [InlineData("534", "538")]
    [InlineData("550", "551")]
    [InlineData("550", "553")]
    [InlineData("550", "554")]
    [InlineData("551", "553")]
    [InlineData("551", "554")]
    [InlineData("553", "554")]
    [InlineData("452", "552")]
    [InlineData("5.1.1", "5.1.10")]
    [InlineData("5.1.1", "5.2.1")]
    [InlineData("5.1.10", "5.2.1")]
    [InlineData("5.7.1", "5.7.26")]
    public void Pair_that_people_confuse_has_a_comparison_of_its_own(string left, string right) =>
        Assert.Contains((left, right), ReplyReference.WrittenComparisons);

    [Fact]
    public void Comparison_as_json_has_the_members_that_programs_read()
    {
        using var json = System.Text.Json.JsonDocument.Parse(ReplyReference.Compare(ReplyReference.Find("235")!, ReplyReference.Find("221")!).ToJson());

        Assert.Equal(
            ["title", "summary", "left", "right", "differences", "whichWhen", "lang"], json.RootElement.EnumerateObject().Select(member => member.Name));
        Assert.Equal(221, json.RootElement.GetProperty("left").GetProperty("code").GetInt32());
    }

    private static void AssertAllPairs(IReadOnlyList<Explanation> ones, IReadOnlyList<Explanation> others, string tag)
    {
        foreach (var one in ones)
        {
            foreach (var other in others.Where(other => other.Label != one.Label))
                AssertWhole(ReplyReference.Compare(one, other), tag);
        }
    }

    private static void AssertWhole(Comparison comparison, string tag, bool areListed = true)
    {
        string[] texts = [comparison.Title, comparison.Summary, comparison.WhichWhen, .. comparison.Differences];
        var name = $"{tag} {comparison.Left.Label} {comparison.Right.Label}";
        foreach (var text in texts)
        {
            Assert.False(string.IsNullOrWhiteSpace(text), $"{name}: an empty text");
            Assert.False(Broken().IsMatch(text), $"{name}: {text}");
        }

        Assert.NotEmpty(comparison.Differences);
        Assert.Distinct(comparison.Differences);
        if (areListed)
        {
            AssertSays(comparison.Summary, comparison, name);
            AssertSays(comparison.WhichWhen, comparison, name);
        }

        Assert.NotEqual(comparison.Summary[..(comparison.Summary.Length / 2)].Trim(), comparison.Summary[(comparison.Summary.Length / 2)..].Trim());
        if (tag != "en")
            return;
        Assert.All(texts.Skip(1), text => Assert.Matches("[.][\"]?$", text));
        var sentences = SentenceEnd().Split(string.Join(' ', texts.Skip(1)));
        Assert.Distinct(sentences);
        Assert.All(sentences, sentence => Assert.Matches("^([A-Z0-9\"]|qmail )", sentence));
    }

    private static void AssertSays(string text, Comparison comparison, string name) =>
        Assert.All(
            [comparison.Left.Label, comparison.Right.Label],
            label => Assert.True(text.Contains(label, StringComparison.Ordinal), $"{name}: nothing of {label} in: {text}"));

    // A place that was not filled, blanks that were left, a word said twice, marks that do not belong together.
    [GeneratedRegex(@"[{}]|  |^ | $|\b(\p{L}{2,}) \1\b|[,;:][.,;]|(?<!\.)\.[,;]|(?<!\.)\.\.(?!\.)| [.,;:](?!"")")]
    private static partial Regex Broken();

    [GeneratedRegex(@"(?<=[.!?][""]?) (?=[A-Z""0-9])")]
    private static partial Regex SentenceEnd();
}
