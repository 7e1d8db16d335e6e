using System.Buffers;
using System.Globalization;

namespace Pillarbox.Reference.Classifying;

/// <summary>What a wording was found to mean.</summary>
/// <param name="Provider">Who words replies so; null where it could be anybody.</param>
/// <param name="Rule">The rule that held; null where only the provider was recognised.</param>
/// <param name="Evidence">The words that decided; null where these are all that was read.</param>
internal sealed record WordingMatch(Provider? Provider, WordingRule? Rule, string? Evidence = null);

/// <summary>
/// Says what a reply's wording means, by ordered rules: those of the provider that the text shows come first, then those of all others,
/// then wordings that any server uses. One pass over the text; the rules then ask only which phrases were found.
/// </summary>
internal static class Classifier
{
    /// <summary>Classifies a text.</summary>
    /// <param name="text">Any text, however hostile; the time is linear in it.</param>
    /// <param name="code">The basic code of the reply in it, or null.</param>
    /// <param name="enhanced">The enhanced code, or null.</param>
    /// <param name="around">What stands around it, such as the log line that it was found in: it may show whose reply it is.</param>
    public static WordingMatch Classify(ReadOnlySpan<char> text, int? code, string? enhanced, ReadOnlySpan<char> around)
    {
        var book = RuleBook.Instance;
        var found = ArrayPool<bool>.Shared.Rent(book.Phrases.Count);
        var anybodys = ArrayPool<bool>.Shared.Rent(book.Phrases.Count);
        var signs = ArrayPool<bool>.Shared.Rent(book.Phrases.Count);
        try
        {
            found.AsSpan().Clear();
            anybodys.AsSpan().Clear();
            signs.AsSpan().Clear();
            var folded = FoldedText.Fold(text);
            book.Index.Find(folded, found);
            FindAnybodys(book, folded, anybodys);
            book.Index.Find(NamelessText.Blanked(FoldedText.Fold(around)), signs, isApart: true);
            return Match(book, found, anybodys, signs, Basic(code, enhanced), enhanced);
        }
        finally
        {
            ArrayPool<bool>.Shared.Return(found);
            ArrayPool<bool>.Shared.Return(anybodys);
            ArrayPool<bool>.Shared.Return(signs);
        }
    }

    /// <summary>The first of a provider's own rules that holds for a text that is known to be its.</summary>
    public static WordingRule? FirstOf(Provider provider, string text, int? code, string? enhanced)
    {
        var found = new bool[RuleBook.Instance.Phrases.Count];
        var folded = FoldedText.Fold(text);
        if (provider.IsGeneral)
            FindAnybodys(RuleBook.Instance, folded, found);
        else
            RuleBook.Instance.Index.Find(folded, found);
        return FirstOf(provider, found, Basic(code, enhanced), enhanced, isSeen: true);
    }

    // With a blank before and behind, so that a phrase that asks for one finds the first word and the last, too.
    private static void FindAnybodys(RuleBook book, string folded, Span<bool> found)
    {
        var blanked = NamelessText.Blanked($" {folded} ");
        book.Index.Find(blanked, found);
        book.Index.Find($" {NamelessText.Without(blanked)} ", found);
    }

    // Of an enhanced code that stands alone, the first digit says as much as that of a basic one.
    private static string? Basic(int? code, string? enhanced) => code?.ToString(CultureInfo.InvariantCulture) ?? enhanced?[..1];

    // What a provider words alone is looked for in all of its text; what anybody words, beside the names in it.
    private static WordingMatch Match(RuleBook book, bool[] found, bool[] anybodys, bool[] signs, string? code, string? enhanced)
    {
        Provider? seen = null;
        foreach (var provider in book.Providers)
        {
            if (!provider.Signs.Any(sign => signs[sign]))
                continue;
            seen ??= provider;
            if (FirstOf(provider, found, code, enhanced, isSeen: true) is { } rule)
                return new WordingMatch(provider, rule);
        }

        foreach (var provider in book.Providers)
        {
            if (FirstOf(provider, provider.IsGeneral ? anybodys : found, code, enhanced, isSeen: false) is { } rule)
                return new WordingMatch(provider.IsGeneral ? seen ?? provider : provider, rule);
        }

        return new WordingMatch(seen, null);
    }

    private static WordingRule? FirstOf(Provider provider, bool[] found, string? code, string? enhanced, bool isSeen)
    {
        foreach (var rule in provider.Rules)
        {
            if ((isSeen || !rule.NeedsProvider) && Holds(rule, found, code, enhanced))
                return rule;
        }

        return null;
    }

    private static bool Holds(WordingRule rule, bool[] found, string? code, string? enhanced)
    {
        foreach (var phrase in rule.All)
        {
            if (!found[phrase])
                return false;
        }

        if (rule.Any.Count > 0 && !rule.Any.Any(phrase => found[phrase]))
            return false;
        foreach (var phrase in rule.None)
        {
            if (found[phrase])
                return false;
        }

        return rule.FitsCodes(code, enhanced);
    }
}
