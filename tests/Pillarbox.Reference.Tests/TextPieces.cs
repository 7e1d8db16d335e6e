using System.Text.RegularExpressions;
using Pillarbox.Reference.Data;

namespace Pillarbox.Reference.Tests;

/// <summary>A language's file taken apart: each text with the place where it stands.</summary>
internal static partial class TextPieces
{
    /// <summary>Keys of texts that frame others and stand alone: labels, templates, what the digits say.</summary>
    public static bool IsFraming(string key) => !char.IsAsciiDigit(key[0]) && !key.StartsWith("X.", StringComparison.Ordinal) && !IsComparison(key);

    /// <summary>Keys of written comparisons.</summary>
    public static bool IsComparison(string key) => ComparisonKey().IsMatch(key);

    /// <summary>The texts of whole sentences of a key, with the name of each.</summary>
    public static IEnumerable<(string Member, string Text)> Sentences(Texts texts)
    {
        (string, string?)[] single =
        [
            ("meaning", texts.Meaning), ("when", texts.When), ("fix", texts.Fix), ("bounce", texts.Bounce), ("gist", texts.Gist),
            ("right", texts.Right), ("summary", texts.Summary), ("whichWhen", texts.WhichWhen),
        ];
        return
        [
            .. single.Where(one => one.Item2 is not null).Select(one => (one.Item1, one.Item2!)),
            .. (texts.FixFor ?? []).Select(advice => ($"fix.{advice.Actor.ToName()}", advice.Text)),
            .. (texts.Differences ?? []).Select((text, index) => ($"differences.{index}", text)),
        ];
    }

    /// <summary>All texts of a key, names and forms too.</summary>
    public static IEnumerable<(string Member, string Text)> All(Texts texts) =>
    [
        .. texts.Name is { } name ? [("name", name)] : Array.Empty<(string, string)>(),
        .. Sentences(texts),
        .. (texts.Forms ?? new Dictionary<string, string>()).Select(form => ($"forms.{form.Key}", form.Value)),
    ];

    [GeneratedRegex(@"^compare \d\S* \d\S*$")]
    private static partial Regex ComparisonKey();
}
