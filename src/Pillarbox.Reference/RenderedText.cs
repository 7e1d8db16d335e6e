using System.Globalization;
using Pillarbox.Reference.Data;

namespace Pillarbox.Reference;

/// <summary>An explanation as lines of text.</summary>
internal static class RenderedText
{
    /// <summary>In the explanation's own language.</summary>
    public static List<string> Lines(Explanation explanation, int width)
    {
        var locale = Locale.For(explanation.Lang);
        List<string> lines = [];
        Wrap(lines, $"{explanation.Label} {explanation.Name}".TrimStart(), width);
        if (explanation.Wording is { Rule: not null } wording)
            AddWording(lines, explanation.Reason, wording, locale, width);
        foreach (var contradiction in explanation.Contradictions)
            Wrap(lines, $"{locale.Label("label contradiction")} {contradiction}", width);
        Wrap(lines, $"{locale.Label("label meaning")} {explanation.Meaning}", width);
        Wrap(lines, $"{locale.Label("label when")} {explanation.When}", width);
        Wrap(lines, $"{locale.Label("label fix")} {explanation.Fix}", width);
        Wrap(lines, $"{locale.Label("label retry")} {locale.Label($"label retry.{explanation.Retry.ToName()}")}", width);
        if (explanation.Actor != ReplyActor.Nobody)
            Wrap(lines, $"{locale.Label("label actor")} {locale.Label($"label actor.{explanation.Actor.ToName()}")}", width);
        if (explanation.References.Count > 0)
            Wrap(lines, $"{locale.Label("label references")} {string.Join(", ", explanation.References)}", width);
        if (explanation.Pairs.Count > 0)
            Wrap(lines, $"{locale.Label("label pairs")} {string.Join(", ", explanation.Pairs)}", width);
        if (explanation.Standing is ReplyStanding.Vendor or ReplyStanding.Folklore)
            Wrap(lines, $"{locale.Label("label standing")} {locale.Label($"label standing.{explanation.Standing.ToName()}")}", width);
        if (explanation.SeeAlso.Count > 0)
            Wrap(lines, $"{locale.Label("label seeAlso")} {string.Join(", ", explanation.SeeAlso)}", width);
        return lines;
    }

    /// <summary>A text to send to whoever must act, its places filled with what is known; empty where nobody has to act.</summary>
    public static List<string> Letter(Explanation explanation, string? recipient, int width)
    {
        if (explanation.Wording?.Letter is not { } letter)
            return [];
        var locale = Locale.For(explanation.Lang);
        (string Name, string Value)[] places =
        [
            ("reply", OneLine(explanation.Wording.Evidence)), ("code", explanation.Label), ("recipient", recipient ?? locale.Label("letter recipient")),
            ("sender", locale.Label("letter sender")), ("host", locale.Label("letter host")),
        ];
        foreach (var (name, value) in places)
            letter = Locale.Fill(letter, name, value);
        List<string> lines = [locale.Label("label letter")];
        foreach (var paragraph in letter.Split('\n'))
            Wrap(lines, $"  {paragraph}", width);
        return lines;
    }

    /// <summary>Two side by side, one under the other.</summary>
    public static List<string> Lines(Comparison comparison, int width)
    {
        var locale = Locale.For(comparison.Lang);
        List<string> lines = [];
        Wrap(lines, comparison.Title, width);
        lines.Add("");
        Wrap(lines, comparison.Summary, width);
        foreach (var side in (ReadOnlySpan<Explanation>)[comparison.Left, comparison.Right])
        {
            lines.Add("");
            Wrap(lines, $"{side.Label} {side.Name}", width);
            Wrap(lines, $"{locale.Label("label meaning")} {side.Meaning}", width);
            Wrap(lines, $"{locale.Label("label when")} {side.When}", width);
            Wrap(lines, $"{locale.Label("label fix")} {side.Fix}", width);
        }

        lines.Add("");
        Wrap(lines, locale.Label("label differences"), width);
        foreach (var difference in comparison.Differences)
            Wrap(lines, $"- {difference}", width);
        lines.Add("");
        Wrap(lines, $"{locale.Label("label whichWhen")} {comparison.WhichWhen}", width);
        return lines;
    }

    /// <summary>Sessions in which a reply is met, under a heading, with an empty line between.</summary>
    public static List<string> Examples(Explanation explanation)
    {
        List<string> lines = [];
        foreach (var session in explanation.Examples)
        {
            lines.Add(lines.Count == 0 ? Locale.For(explanation.Lang).Label("label examples") : "");
            lines.AddRange(session.Select(line => $"  {line}"));
        }

        return lines;
    }

    /// <summary>For the wire: printable ASCII alone.</summary>
    public static List<string> AsciiLines(Explanation explanation, int width)
    {
        var lines = Lines(explanation with { References = [.. explanation.References.Select(one => one.Replace("\u00a7", "section ", StringComparison.Ordinal))] }, width);
        for (var i = 0; i < lines.Count; i++)
            lines[i] = string.Concat(lines[i].Select(c => c is >= ' ' and < '\x7f' ? c : '?'));
        return lines;
    }

    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).TrimEnd('.');

    private static void AddWording(List<string> lines, ReplyReason reason, ReplyWording wording, Locale locale, int width)
    {
        if (locale.Find($"reason {reason.ToName()}")?.Name is { } name)
            Wrap(lines, $"{locale.Label("label reason")} {name}", width);
        if (wording.ProviderName is { } provider)
            Wrap(lines, $"{locale.Label("label provider")} {provider}", width);
        Wrap(lines, string.Create(CultureInfo.InvariantCulture, $"{locale.Label("label confidence")} {wording.Confidence:P0}"), width);
        if (wording.Source is { } source)
            Wrap(lines, $"{locale.Label("label source")} {source.Source}, {source.Date}{(source.Url is null ? "" : $", {source.Url}")}", width);
    }

    private static void Wrap(List<string> lines, string text, int width) => lines.AddRange(TextWrap.Lines(text, width, "  "));
}
