using System.Text;
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
        Wrap(lines, $"{explanation.Label} {explanation.Name}", width);
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
        if (explanation.SeeAlso.Count > 0)
            Wrap(lines, $"{locale.Label("label seeAlso")} {string.Join(", ", explanation.SeeAlso)}", width);
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

    private static void Wrap(List<string> lines, string text, int width)
    {
        var line = new StringBuilder();
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                lines.Add(line.ToString());
                line.Clear().Append("  ");
            }
            else if (line.Length > 0)
            {
                line.Append(' ');
            }

            line.Append(word);
        }

        if (line.Length > 0)
            lines.Add(line.ToString());
    }
}
