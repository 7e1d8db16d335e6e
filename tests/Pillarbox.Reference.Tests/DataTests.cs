using System.Text.RegularExpressions;
using Pillarbox.Reference.Data;

namespace Pillarbox.Reference.Tests;

/// <summary>What the data files must keep to, entry by entry.</summary>
public sealed partial class DataTests
{
    private static readonly string[] Framing = ["label", "unregistered", "contradiction"];
    private static readonly string[] Digits = ["class", "digit", "subject"];

    public static TheoryData<string> Keys() => new(CodeFiles.AllKeys);

    public static TheoryData<string> Known() => new(ReplyReference.List().Select(one => one.Label));

    [Theory]
    [MemberData(nameof(Keys))]
    public void Key_of_the_facts_has_texts_in_each_language(string key)
    {
        foreach (var tag in ReplyReference.Languages)
            Assert.Contains(key, Locale.For(tag).Keys);
    }

    [Fact]
    public void Key_of_the_texts_has_facts()
    {
        var facts = CodeFiles.AllKeys.ToHashSet();
        var keys = Locale.English.Keys.Where(key => !Framing.Concat(Digits).Any(word => key.StartsWith(word + " ", StringComparison.Ordinal)));

        Assert.All(keys, key => Assert.True(facts.Contains(key), key));
    }

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
        Assert.All(facts.SeeAlso ?? [], link => Assert.Matches(@"^(\d{3}|[245]\.\d+\.\d+)$", link));
        Assert.All(facts.SeeAlso ?? [], link => Assert.True(ReplyReference.Knows(link), $"{key} → {link}"));
        Assert.DoesNotContain(key, facts.SeeAlso ?? []);
    }

    [Fact]
    public void Sentences_do_not_recur()
    {
        var recurring = Locale.English.Keys
            .SelectMany(key => TextsOf(key).SelectMany(text => SentenceEnd().Split(text)).Select(sentence => (Key: key, Sentence: sentence.Trim())))
            .GroupBy(one => one.Sentence, StringComparer.OrdinalIgnoreCase)
            .Where(group => group.Count() > 1)
            .Select(group => $"{string.Join(", ", group.Select(one => one.Key))}: {group.Key}");

        Assert.Empty(recurring);
    }

    [Fact]
    public void Texts_are_whole_sentences_in_ascii()
    {
        foreach (var key in Locale.English.Keys)
        {
            var name = Locale.English.Find(key)!.Name;
            Assert.All(TextsOf(key), text => Assert.True(WholeSentences().IsMatch(text) && !text.Contains("  ", StringComparison.Ordinal), $"{key}: {text}"));
            Assert.All([.. TextsOf(key), name ?? ""], text => Assert.All(text, c => Assert.InRange(c, ' ', '~')));
        }
    }

    [Fact]
    public void Bounce_texts_are_two_to_four_sentences()
    {
        foreach (var key in Locale.English.Keys.Where(key => Locale.English.Find(key)!.Bounce is not null))
            Assert.InRange(SentenceEnd().Split(Locale.English.Find(key)!.Bounce!).Length, 2, 4);
    }

    [Theory]
    [MemberData(nameof(Known))]
    public void Explanation_is_whole_and_agrees_with_itself(string label)
    {
        var explanation = ReplyReference.List().Single(one => one.Label == label);

        Assert.All([explanation.Name, explanation.Meaning, explanation.When, explanation.Fix], Assert.NotEmpty);
        Assert.NotEmpty(explanation.Commands);
        Assert.NotEmpty(explanation.References);
        Assert.Empty(explanation.Contradictions);
        if (explanation.Class is ReplyClass.PositiveCompletion or ReplyClass.PositiveIntermediate)
        {
            Assert.Equal((RetryAdvice.NotNeeded, ReplyActor.Nobody), (explanation.Retry, explanation.Actor));
        }
        else
        {
            Assert.NotEqual(RetryAdvice.NotNeeded, explanation.Retry);
            Assert.NotEqual(explanation.Class == ReplyClass.TransientFailure ? RetryAdvice.Never : RetryAdvice.Later, explanation.Retry);
            Assert.False(explanation.Retry == RetryAdvice.AfterFix && explanation.Actor == ReplyActor.Nobody, "nobody can mend what waits for a fix");
            Assert.NotEmpty(ReplyReference.PlainWords(explanation.Code, explanation.Enhanced));
        }
    }

    [Fact]
    public void Advice_for_several_is_led_by_whom_it_is_for()
    {
        var explanation = ReplyReference.Explain(550, "5.1.1")!;

        Assert.True(explanation.Advice.Count > 1);
        Assert.All(explanation.Advice, advice => Assert.Contains(advice.Text, explanation.Fix, StringComparison.Ordinal));
        Assert.StartsWith("For the sender: ", explanation.Fix, StringComparison.Ordinal);
    }

    private static IEnumerable<string> TextsOf(string key)
    {
        var texts = Locale.English.Find(key)!;
        string?[] all = [texts.Meaning, texts.When, texts.Fix, texts.Bounce, .. (texts.FixFor ?? []).Select(advice => advice.Text)];
        return all.OfType<string>();
    }

    [GeneratedRegex(@"^(\d{3}|\d{3} [245]\.\d{1,3}\.\d{1,3}|[X245]\.\d{1,3}\.\d{1,3})(@([A-Z]{4,8}|connection|endOfData))?$")]
    private static partial Regex KeyShape();

    [GeneratedRegex(@"(?<=[.!?][""]?) (?=[A-Z""])")]
    private static partial Regex SentenceEnd();

    [GeneratedRegex(@"^[A-Z""].*[.][""]?$")]
    private static partial Regex WholeSentences();
}
