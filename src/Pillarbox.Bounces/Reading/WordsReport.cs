using MimeKit;

namespace Pillarbox.Bounces.Reading;

/// <summary>
/// A report in words alone: qmail's, Exim's, Sendmail's transcript, old Exchange's and Notes', those of mailbox providers. They differ
/// in all but this: an address stands at the start of a line, and what happened stands below it, or around it.
/// </summary>
internal static class WordsReport
{
    private const int MaxLines = 4000;
    private const int MaxWords = 2000;

    /// <summary>An outcome a recipient; empty where the message is no report.</summary>
    public static IReadOnlyList<Outcome> Read(MimeMessage message)
    {
        if (!ReportSigns.Has(message))
            return [];
        var text = ReturnedCopy.CutOff(MessageText.Of(message));
        if (ReportSigns.ListOf(message) is { } list)
            return [new Outcome(list, "") { Around = text }];
        var failed = Failed(message);
        var outcomes = Blocks(text, failed);
        if (outcomes.Count == 0 && failed.Count > 0)
            outcomes = [.. failed.Select(address => new Outcome(address, "") { Around = text })];

        // No address at the start of a line: the first that stands anywhere in the words.
        if (outcomes.Count == 0)
            outcomes = [new Outcome(AddressLine.First(text, Own(message)), "") { Around = text }];
        return ReportSigns.TellsOfDelay(text) ? [.. outcomes.Select(outcome => outcome with { Action = "delayed" })] : outcomes;
    }

    /// <summary>The words of a report that are about one address; empty where there are none.</summary>
    public static string About(string? address, string text)
    {
        if (address is null)
            return "";
        var about = Blocks(ReturnedCopy.CutOff(text), []).FirstOrDefault(outcome => address.Equals(outcome.Address, StringComparison.OrdinalIgnoreCase));
        return about?.Words ?? "";
    }

    // Exim and Gmail name whom it is about in a field of the header.
    private static List<string> Failed(MimeMessage message) =>
    [
        .. message.Headers.Where(header => header.Field.Equals("X-Failed-Recipients", StringComparison.OrdinalIgnoreCase))
            .SelectMany(header => header.Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Select(address => address.Trim('<', '>')).Where(address => AddressLine.Find(address) is not null).Distinct(StringComparer.OrdinalIgnoreCase).Take(MessageReader.MaxRecipients),
    ];

    private static HashSet<string> Own(MimeMessage message) =>
        message.From.Mailboxes.Concat(message.To.Mailboxes).Select(one => one.Address).ToHashSet(StringComparer.OrdinalIgnoreCase);

    private static List<Outcome> Blocks(string text, List<string> failed)
    {
        var found = new List<(string Address, List<string> Words)>();
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n').Take(MaxLines))
        {
            if (AddressLine.Find(line) is { } hit && (failed.Count == 0 || failed.Contains(hit.Address, StringComparer.OrdinalIgnoreCase)))
                found.Add((hit.Address, hit.Tail.Length > 0 ? [hit.Tail] : []));
            else if (found.Count > 0 && line.Trim() is { Length: > 0 } words && found[^1].Words.Sum(one => one.Length) < MaxWords)
                found[^1].Words.Add(words);
        }

        // An address may be named twice: in a list, and above what happened.
        return
        [
            .. found.GroupBy(one => one.Address, StringComparer.OrdinalIgnoreCase).Take(MessageReader.MaxRecipients)
                .Select(group => new Outcome(group.Key, string.Join('\n', group.SelectMany(one => one.Words))) { Around = text }),
        ];
    }
}
