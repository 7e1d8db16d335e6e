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

    private static readonly string[] Fields = ["from: ", "to: ", "date: ", "message-id: ", "received: ", "mime-version: ", "content-type: ", "x-mailer: ", "return-path: ", "reply-to: "];

    /// <summary>An outcome a recipient; empty where the message is no report.</summary>
    public static IReadOnlyList<Outcome> Read(MimeMessage message, string all)
    {
        if (!ReportSigns.Has(message, all))
            return [];
        var text = ReturnedCopy.CutOff(all);
        var around = SetPhrases.Without(text);
        if (ReportSigns.ListOf(message, all) is { } list)
            return [new Outcome(list, "") { Around = around }];
        if (DeliveryReport.ReadWords(text) is { Count: > 0 } fields)
            return fields;
        var failed = Failed(message);
        var outcomes = Blocks(text, failed);
        if (outcomes.Count == 0 && failed.Count > 0)
            outcomes = [.. failed.Select(address => new Outcome(address, "") { Around = around })];

        // No address at the start of a line: names, or the first that stands anywhere in the words.
        if (outcomes.Count == 0)
            outcomes = [.. LocalNames.Read(text)];
        if (outcomes.Count == 0)
            outcomes = [new Outcome(AddressLine.First(text, AddressLine.Own(message)), "") { Around = around }];
        return ReportSigns.TellsOfDelay(text) ? [.. outcomes.Select(outcome => outcome with { Action = "delayed" })] : outcomes;
    }

    /// <summary>The words of a report that are about one address each.</summary>
    public static IReadOnlyDictionary<string, string> About(string text) =>
        Blocks(ReturnedCopy.CutOff(text), []).ToDictionary(outcome => outcome.Address!, outcome => outcome.Words, StringComparer.OrdinalIgnoreCase);

    // Exim and Gmail name whom it is about in a field of the header.
    private static HashSet<string> Failed(MimeMessage message) =>
        message.Headers.Where(header => header.Field.Equals("X-Failed-Recipients", StringComparison.OrdinalIgnoreCase)).Take(MessageReader.MaxRecipients)
            .SelectMany(header => header.Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Select(address => address.Trim('<', '>')).Where(address => AddressLine.Find(address) is not null).Take(MessageReader.MaxRecipients).ToHashSet(StringComparer.OrdinalIgnoreCase);

    // A field of the message that came back: whose it is does not tell what happened.
    private static bool IsField(string line) => Array.Exists(Fields, name => line.StartsWith(name, StringComparison.OrdinalIgnoreCase));

    private static List<Outcome> Blocks(string text, HashSet<string> failed)
    {
        var found = new List<(string Address, List<string> Words)>();
        var length = 0;
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n').Take(MaxLines))
        {
            if (AddressLine.Find(line) is { } hit && (failed.Count == 0 || failed.Contains(hit.Address)))
            {
                found.Add((hit.Address, hit.Tail.Length > 0 ? [hit.Tail] : []));
                length = hit.Tail.Length;
            }
            else if (found.Count > 0 && line.Trim() is { Length: > 0 } words && length < MaxWords && !IsField(line))
            {
                found[^1].Words.Add(words.Length <= MaxWords ? words : words[..MaxWords]);
                length += words.Length;
            }
        }

        var around = SetPhrases.Without(text);

        // An address may be named twice: in a list, and above what happened.
        Outcome[] outcomes =
        [
            .. found.GroupBy(one => one.Address, StringComparer.OrdinalIgnoreCase).Take(MessageReader.MaxRecipients)
                .Select(group => new Outcome(group.Key, string.Join('\n', group.SelectMany(one => one.Words))) { Around = around }),
        ];

        // Or several stand in a list, and what happened to all of them below.
        for (var index = outcomes.Length - 2; index >= 0; index--)
        {
            if (outcomes[index].Words.Length == 0)
                outcomes[index] = outcomes[index] with { Words = outcomes[index + 1].Words };
        }

        return [.. outcomes];
    }
}
