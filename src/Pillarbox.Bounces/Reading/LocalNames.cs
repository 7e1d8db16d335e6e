using System.Buffers;

namespace Pillarbox.Bounces.Reading;

/// <summary>
/// Names of recipients without a domain, as servers gave them that knew only their own: they stand indented below a line that says that
/// the message did not reach them, each with what happened in parentheses or with nothing.
/// </summary>
internal static class LocalNames
{
    private const int MaxLines = 400;
    private const int MaxIntroduction = 400;
    private const int MaxName = 64;

    private static readonly SearchValues<string> Introductions = SearchValues.Create(
        ["following recipient", "following:", "following user", "following address", "undeliverable to", "not delivered to", "could not be delivered", "failed for", "these recipients", "recipients:"], StringComparison.OrdinalIgnoreCase);

    /// <summary>The outcomes; empty where the text has no such list.</summary>
    public static IReadOnlyList<Outcome> Read(string text)
    {
        var found = new List<Outcome>();
        var around = SetPhrases.Without(text);
        string? introduction = null;
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n').Take(MaxLines))
        {
            var words = line.Trim();
            if (words.Length == 0)
                continue;
            if (introduction is not null && Name(words) is { } name && (line[0] is ' ' or '\t' || name.Reason.Length > 0))
            {
                found.Add(new Outcome(name.Name, name.Reason.Length > 0 ? name.Reason : introduction) { Around = around });
                continue;
            }

            if (found.Count > 0)
                break;
            introduction = words.Length <= MaxIntroduction && words[^1] == ':' && words.AsSpan().ContainsAny(Introductions) ? words : null;
        }

        return [.. found.DistinctBy(one => one.Address, StringComparer.OrdinalIgnoreCase).Take(MessageReader.MaxRecipients)];
    }

    // "jmiller (mailbox full)", "jmiller   mailbox full", "oak grove 42".
    private static (string Name, string Reason)? Name(string words)
    {
        var gap = words.IndexOf('\t', StringComparison.Ordinal) is >= 0 and var tab ? tab : words.IndexOf("  ", StringComparison.Ordinal);
        var open = words[^1] == ')' ? words.IndexOf('(', StringComparison.Ordinal) : -1;
        var (name, reason) = open > 0 ? (words[..open].Trim(), words[(open + 1)..^1].Trim()) : gap > 0 ? (words[..gap], words[gap..].Trim()) : (words, "");

        // "an undisclosed address (generated from ann@example.org)" is none.
        return !words.Contains('@', StringComparison.Ordinal) && !name.StartsWith("an ", StringComparison.OrdinalIgnoreCase) && name.Length is > 0 and <= MaxName && name.Count(c => c == ' ') <= 3 && name.All(c => char.IsLetterOrDigit(c) || c is ' ' or '.' or '_' or '-' or '+' || (c == ',' && reason.Length > 0)) ? (name, reason) : null;
    }
}
