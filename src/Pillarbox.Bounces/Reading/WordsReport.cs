using System.Text;
using MimeKit;
using Pillarbox.Reference;

namespace Pillarbox.Bounces.Reading;

/// <summary>
/// A report in words alone: qmail's, Exim's, Sendmail's transcript, old Exchange's and Notes', those of mailbox providers. They differ
/// in all but this: an address stands at the start of a line, and what happened stands below it, or around it.
/// </summary>
internal static class WordsReport
{
    private const int MaxLines = 4000;
    private const int MaxWords = 2000;
    private const int Wrapped = 55;

    private static readonly string[] Fields = ["from: ", "to: ", "date: ", "message-id: ", "received: ", "mime-version: ", "content-type: ", "x-mailer: ", "return-path: ", "reply-to: ", "mail from: ", "rcpt to: "];

    /// <summary>An outcome a recipient; empty where the message is no report.</summary>
    public static IReadOnlyList<Outcome> Read(MimeMessage message, string all)
    {
        if (!ReportSigns.Has(message, all))
            return [];
        var text = Disclaimers.Without(ReturnedCopy.CutOff(all));
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
            outcomes = [new Outcome(AddressLine.First(text, AddressLine.Own(message)) ?? AddressLine.First(Foreign.SubjectOf(message), AddressLine.Own(message)), "") { Around = around }];
        return ReportSigns.TellsOfDelay(text) ? [.. outcomes.Select(outcome => outcome with { Action = "delayed" })] : outcomes;
    }

    /// <summary>The words of a report that are about one address each.</summary>
    public static IReadOnlyDictionary<string, string> About(string text) =>
        Blocks(Disclaimers.Without(ReturnedCopy.CutOff(text)), []).ToDictionary(outcome => outcome.Address!, outcome => outcome.Words, StringComparer.OrdinalIgnoreCase);

    // Exim and Gmail name whom it is about in a field of the header.
    private static HashSet<string> Failed(MimeMessage message) =>
        message.Headers.Where(header => header.Field.Equals("X-Failed-Recipients", StringComparison.OrdinalIgnoreCase)).Take(MessageReader.MaxRecipients)
            .SelectMany(header => header.Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Select(address => address.Trim('<', '>')).Where(address => AddressLine.Find(address) is not null).Take(MessageReader.MaxRecipients).ToHashSet(StringComparer.OrdinalIgnoreCase);

    // Postfix breaks what a server said into lines that are indented; one that begins with a code or a mark is a line of its own.
    private static bool IsRest(string words, List<string> before) =>
        before.Count > 0 && !(words.Length > 3 && words[3] is ' ' or '-' && words.AsSpan(0, 3).IndexOfAnyExceptInRange('0', '9') < 0)
        && (char.IsLetterOrDigit(words[0]) || words.StartsWith("(in reply", StringComparison.Ordinal) || (words[0] is '<' or '-' or '[' or '"' or '(' && words is not ['<', '<', ..] and not ['-', '-', ..] && before[^1].AsSpan().TrimEnd() is [.., >= '0' and <= '9'] or [.., ':' or '-']));

    private static bool Tells(List<string> words) =>
        string.Join('\n', words) is { Length: > 0 } all && (Explainer.ExplainText(all)?.Code is not null || Explainer.ExplainWords(all, "", ReplyClass.PermanentFailure) is not null);

    // A field of the message that came back: whose it is does not tell what happened.
    private static bool IsField(string line) => Array.Exists(Fields, name => line.StartsWith(name, StringComparison.OrdinalIgnoreCase));

    private static List<Outcome> Blocks(string text, HashSet<string> failed)
    {
        var found = new List<(string Address, List<string> Words)>();
        var (length, wasLong, isFlush, isBehind) = (0, false, false, false);
        var introduction = new StringBuilder();
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n').Take(MaxLines))
        {
            var isIndented = line.Length > 0 && line[0] is ' ' or '\t';
            var start = wasLong && isFlush && isIndented ? null : AddressLine.Find(line);
            var reason = start is null && (found.Count == 0 || isBehind) ? AddressLine.BehindReason(line) : null;
            if ((start ?? reason) is { } hit && (failed.Count == 0 || failed.Contains(hit.Address)))
            {
                found.Add((hit.Address, hit.Tail.Length > 0 ? [hit.Tail] : []));
                length = hit.Tail.Length;
                (isFlush, isBehind) = (found.Count == 1 ? !isIndented : isFlush, found.Count == 1 ? reason is not null : isBehind);
            }
            else if (found.Count == 0)
            {
                introduction.Append(line).Append('\n');
            }
            else if (line.Trim() is { Length: > 0 } words && length < MaxWords && !IsField(line))
            {
                var kept = words.Length <= MaxWords ? words : words[..MaxWords];
                if (wasLong && isIndented && IsRest(kept, found[^1].Words))
                    found[^1].Words[^1] += $" {kept}";
                else
                    found[^1].Words.Add(kept);
                length += words.Length;
            }

            wasLong = line.Length >= Wrapped && (isFlush || line.TrimEnd() is not [.., ':']);
        }

        // What happened to one of several does not tell what happened to another.
        var around = SetPhrases.Without(found.Count(one => one.Words.Count > 0) > 1 && found.Exists(one => Tells(one.Words)) ? introduction.ToString() : text);

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
