using System.Text.RegularExpressions;
using Pillarbox.Reference.Data;

namespace Pillarbox.Reference.Tests;

/// <summary>What each language's texts must keep to, beside the English ones: nothing missing, no English left over, no code changed.</summary>
public sealed partial class TranslationTests
{
    // Words of the wire, of headers and of configurations, and names of products: they are the same in each language.
    private static readonly HashSet<string> SameEverywhere = new(
        File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "same-in-every-language.txt")).Where(line => line.Length > 0 && line[0] != '#'),
        StringComparer.Ordinal);

    public static TheoryData<string> Languages() => new(ReplyReference.Languages.Where(tag => tag != "en"));

    [Theory]
    [MemberData(nameof(Languages))]
    public void Text_is_there_for_each_english_one_and_for_no_other(string tag)
    {
        var locale = Locale.For(tag);

        Assert.Equal(Locale.English.Keys.Order(StringComparer.Ordinal), locale.Keys.Order(StringComparer.Ordinal));
        Assert.All(Locale.English.Keys, key => Assert.Equal((key, Members(Locale.English, key)), (key, Members(locale, key))));
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void Text_that_counts_has_a_form_for_each_plural_of_the_language(string tag)
    {
        foreach (var key in Locale.English.Keys.Where(key => Locale.English.Find(key)!.Forms is not null))
            Assert.Equal(Plural.Categories(tag).Order(), Locale.For(tag).Find(key)!.Forms!.Keys.Order());
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void Placeholders_and_codes_are_those_of_the_english_text(string tag)
    {
        List<string> faults = [];
        foreach (var (key, member, english, text) in Both(tag))
        {
            if (!Placeholder().Matches(english).Select(one => one.Value).Order().SequenceEqual(Placeholder().Matches(text).Select(one => one.Value).Order()))
                faults.Add($"{key} {member}: placeholders: {text}");
            if (!Codes(english).SetEquals(Codes(text)))
                faults.Add($"{key} {member}: codes: {string.Join(' ', Codes(english).Except(Codes(text)))} / {string.Join(' ', Codes(text).Except(Codes(english)))}: {text}");
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void No_english_is_left_over(string tag)
    {
        List<string> faults = [];
        foreach (var (key, member, english, text) in Both(tag))
        {
            if (key is "language direction" or "language spacing")
                continue;
            if (text == english && Placeholder().Replace(english, "").Any(char.IsAsciiLetterLower))
                faults.Add($"{key} {member}: as in English: {text}");
            if (UsesLatinLetters(tag))
                continue;
            var words = Word().Matches(Quoted().Replace(Placeholder().Replace(text, " "), quote => IsQuotedIn(english, quote.Value) ? " " : quote.Value)).Select(one => one.Value)
                .Where(word => word.Length > 1 && word.Any(char.IsAsciiLetterLower) && !word.Contains('.', StringComparison.Ordinal) && !SameEverywhere.Contains(word));
            // Advice names forms, settings and portals, which are called so in each language.
            if (key.StartsWith("advice ", StringComparison.Ordinal))
                words = words.Where(word => !english.Contains(word, StringComparison.OrdinalIgnoreCase));
            faults.AddRange(words.Select(word => $"{key} {member}: {word}: {text}"));
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    // A language without full stops is cut at blanks: a long piece that comes twice is a sentence that fits everywhere.
    [Theory]
    [MemberData(nameof(Languages))]
    public void Sentences_do_not_recur(string tag)
    {
        var locale = Locale.For(tag);
        var recurring = locale.Keys.Where(key => !TextPieces.IsFraming(key))
            .SelectMany(key => TextPieces.Sentences(locale.Find(key)!).SelectMany(one => one.Text.Split(' ', '.', '\u3002')).Select(piece => (Key: key, Piece: piece)))
            .Where(one => one.Piece.Length >= 40)
            .GroupBy(one => one.Piece, StringComparer.Ordinal)
            .Where(group => group.Count() > 1)
            .Select(group => $"{string.Join(", ", group.Select(one => one.Key))}: {group.Key}");

        Assert.Empty(recurring);
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void Texts_are_tidy(string tag)
    {
        List<string> faults = [];
        foreach (var (key, member, _, text) in Both(tag))
        {
            if (text.Contains("  ", StringComparison.Ordinal) || text != text.Trim() || text.Any(char.IsControl) || text.Contains('\ufffd', StringComparison.Ordinal))
                faults.Add($"{key} {member}: {text}");
            if (!text.IsNormalized())
                faults.Add($"{key} {member}: not in Unicode's form C");
            if (text.Count(c => c == '"') % 2 != 0 || text.Count(c => c == '(') != text.Count(c => c == ')'))
                faults.Add($"{key} {member}: quotes or brackets are left open: {text}");
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    private static IEnumerable<(string Key, string Member, string English, string Text)> Both(string tag)
    {
        var locale = Locale.For(tag);
        foreach (var key in Locale.English.Keys.Intersect(locale.Keys))
        {
            var texts = TextPieces.All(locale.Find(key)!).ToDictionary(one => one.Member, one => one.Text, StringComparer.Ordinal);
            foreach (var (member, english) in TextPieces.All(Locale.English.Find(key)!))
            {
                if (texts.TryGetValue(member, out var text))
                    yield return (key, member, english, text);
            }
        }
    }

    private static string Members(Locale locale, string key) =>
        string.Join(' ', TextPieces.All(locale.Find(key)!).Select(one => one.Member).Where(member => !member.StartsWith("forms.", StringComparison.Ordinal)).Order(StringComparer.Ordinal));

    private static HashSet<string> Codes(string text) => [.. Code().Matches(text).Select(one => one.Value)];

    // What the English text quotes too is of the wire, or typed.
    private static bool IsQuotedIn(string english, string quote) => english.Contains(quote.Trim('"'), StringComparison.OrdinalIgnoreCase);

    private static bool UsesLatinLetters(string tag) => tag is "de" or "es" or "fr" or "id" or "pt" or "tr" or "vi";

    [GeneratedRegex(@"\{[a-zA-Z]+\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"(?<![\w.])([X245]\.\d{1,3}\.\d{1,3}|[1-5]\d\d)(?![\w]|\.\d)")]
    private static partial Regex Code();

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"[A-Za-z][A-Za-z0-9_.@:/=-]*[A-Za-z0-9]|[A-Za-z]")]
    private static partial Regex Word();
}
