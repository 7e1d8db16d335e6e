using System.Text.RegularExpressions;
using Pillarbox.Reference.Data;

namespace Pillarbox.Reference.Tests;

/// <summary>What the facts must keep to, entry by entry.</summary>
public sealed partial class DataTests
{
    public static TheoryData<string> Keys() => new(CodeFiles.AllKeys);

    public static TheoryData<string> Known() => new(ReplyReference.List().Select(one => one.Label));

    [Fact]
    public void Key_of_the_texts_has_facts()
    {
        var facts = CodeFiles.AllKeys.ToHashSet();
        var keys = Locale.English.Keys.Where(key => !TextPieces.IsFraming(key) && !TextPieces.IsComparison(key));

        Assert.All(keys, key => Assert.True(facts.Contains(key), key));
    }

    [Fact]
    public void Key_lies_in_the_file_that_a_look_up_opens() =>
        Assert.All(CodeFiles.All, file => Assert.All(file.Keys, key => Assert.NotNull(CodeFiles.Find(key))));

    [Theory]
    [MemberData(nameof(Keys))]
    public void Key_has_a_shape_that_a_look_up_asks_for(string key) => Assert.Matches(KeyShape(), key);

    [Theory]
    [MemberData(nameof(Keys))]
    public void Commands_references_and_links_are_real(string key)
    {
        var facts = CodeFiles.Find(key)!;

        Assert.All(facts.Commands ?? [], command => Assert.Matches("^([A-Z]{4,8}|any|connection|endOfData)$", command));
        Assert.All(facts.References ?? [], reference => Assert.Matches(@"^(RFC \d{3,5}( §\d+(\.\d+)*)?|IANA .+|Microsoft .+)$", reference));
        Assert.All((facts.SeeAlso ?? []).Concat(facts.Pairs ?? []), link => Assert.Matches(@"^(\d{3}|[245]\.\d+\.\d+)$", link));
        Assert.All((facts.SeeAlso ?? []).Concat(facts.Pairs ?? []), link => Assert.True(ReplyReference.Knows(link), $"{key} -> {link}"));
        Assert.DoesNotContain(key, facts.SeeAlso ?? []);
        Assert.Distinct(facts.SeeAlso ?? []);
        Assert.Distinct(facts.Pairs ?? []);
    }

    [Theory]
    [MemberData(nameof(Known))]
    public void Explanation_is_whole_and_agrees_with_itself(string label)
    {
        foreach (var language in ReplyReference.Languages)
        {
            var explanation = ReplyReference.Find(label, new ReplyContext(Language: language))!;

            Assert.Equal(label, explanation.Label);
            Assert.Equal(language, explanation.Lang);
            Assert.All(
                [explanation.Name, explanation.Meaning, explanation.When, explanation.Fix, explanation.Gist, explanation.Right], Assert.NotEmpty);
            Assert.NotEmpty(explanation.References);
            Assert.Empty(explanation.Contradictions);
            Assert.InRange(explanation.SeeAlso.Count, 2, 6);
        }
    }

    [Theory]
    [MemberData(nameof(Known))]
    public void Advice_on_trying_again_fits_the_class(string label)
    {
        var explanation = ReplyReference.Find(label)!;

        if (explanation.Class is ReplyClass.PositiveCompletion or ReplyClass.PositiveIntermediate)
        {
            Assert.Equal((RetryAdvice.NotNeeded, ReplyActor.Nobody), (explanation.Retry, explanation.Actor));
            return;
        }

        Assert.NotEqual(RetryAdvice.NotNeeded, explanation.Retry);
        Assert.NotEqual(explanation.Class == ReplyClass.TransientFailure ? RetryAdvice.Never : RetryAdvice.Later, explanation.Retry);
        Assert.False(explanation.Retry == RetryAdvice.AfterFix && explanation.Actor == ReplyActor.Nobody, "nobody can mend what waits for a fix");
        if (explanation.Commands.Count > 0)
            Assert.NotEmpty(ReplyReference.PlainWords(explanation.Code, explanation.Enhanced));
    }

    // What no server sends answers no command, and says so by its standing.
    [Theory]
    [MemberData(nameof(Known))]
    public void Code_that_answers_no_command_is_not_of_the_standard(string label)
    {
        var explanation = ReplyReference.Find(label)!;

        if (explanation.Commands.Count == 0)
            Assert.True(explanation.Standing is ReplyStanding.Vendor or ReplyStanding.Folklore || label is "2.1.9", label);
    }

    [Fact]
    public void Advice_for_several_is_led_by_whom_it_is_for()
    {
        var explanation = ReplyReference.Explain(550, "5.1.1")!;

        Assert.True(explanation.Advice.Count > 1);
        Assert.All(explanation.Advice, advice => Assert.Contains(advice.Text, explanation.Fix, StringComparison.Ordinal));
        Assert.StartsWith("For the sender: ", explanation.Fix, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^(\d{3}|\d{3} [245]\.\d{1,3}\.\d{1,3}|[X245]\.\d{1,3}\.\d{1,3}(-\d{1,3})?)(@([A-Z]{4,8}|connection|endOfData))?$")]
    private static partial Regex KeyShape();
}
