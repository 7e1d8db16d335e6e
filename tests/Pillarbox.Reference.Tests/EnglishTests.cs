using System.Text.RegularExpressions;
using Pillarbox.Reference.Data;

namespace Pillarbox.Reference.Tests;

/// <summary>How the English texts are written; a translation is held to them by <see cref="TranslationTests"/>.</summary>
public sealed partial class EnglishTests
{
    [Fact]
    public void Sentences_do_not_recur()
    {
        var recurring = Locale.English.Keys.Where(key => !TextPieces.IsFraming(key))
            .SelectMany(key => TextPieces.Sentences(Locale.English.Find(key)!).SelectMany(one => SentenceEnd().Split(one.Text)).Select(sentence => (Key: key, Sentence: sentence.Trim())))
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
            var texts = Locale.English.Find(key)!;
            if (!TextPieces.IsFraming(key))
                Assert.All(TextPieces.Sentences(texts), one => Assert.True(WholeSentences().IsMatch(one.Text), $"{key} {one.Member}: {one.Text}"));
            Assert.All(TextPieces.All(texts), one => Assert.DoesNotContain("  ", one.Text, StringComparison.Ordinal));
            Assert.All(TextPieces.All(texts), one => Assert.All(one.Text, c => Assert.InRange(c, ' ', '~')));
        }
    }

    [Fact]
    public void Bounce_texts_are_two_to_four_sentences() =>
        Assert.All(
            Locale.English.Keys.Where(key => Locale.English.Find(key)!.Bounce is not null),
            key => Assert.InRange(SentenceEnd().Split(Locale.English.Find(key)!.Bounce!).Length, 2, 4));

    [Fact]
    public void Sentences_that_stand_beside_others_are_short_and_begin_with_their_code()
    {
        foreach (var key in Locale.English.Keys.Where(key => Locale.English.Find(key)!.Gist is not null))
        {
            var texts = Locale.English.Find(key)!;
            Assert.StartsWith("{code} ", texts.Gist, StringComparison.Ordinal);
            Assert.InRange(texts.Gist!.Length, 20, 140);
            Assert.Single(SentenceEnd().Split(texts.Gist));
            Assert.Contains("{code}", texts.Right, StringComparison.Ordinal);
            Assert.InRange(texts.Right!.Length, 20, 220);
        }
    }

    [Fact]
    public void Written_comparison_has_all_that_it_needs()
    {
        foreach (var key in Locale.English.Keys.Where(TextPieces.IsComparison))
        {
            var texts = Locale.English.Find(key)!;
            Assert.InRange(SentenceEnd().Split(texts.Summary!).Length, 2, 5);
            Assert.InRange(texts.Differences!.Count, 3, 6);
            Assert.InRange(SentenceEnd().Split(texts.WhichWhen!).Length, 2, 5);
        }
    }

    [GeneratedRegex(@"(?<=[.!?][""]?) (?=[A-Z""{0-9])")]
    private static partial Regex SentenceEnd();

    [GeneratedRegex(@"^([A-Z""]|\{code\}|\d|qmail ).*[.][""]?$")]
    private static partial Regex WholeSentences();
}
