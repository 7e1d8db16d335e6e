using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using MimeKit;

namespace Pillarbox.Bounces.Reading;

/// <summary>
/// A report with fields for programs: RFC 3464, its internationalized form (RFC 6533), and message tracking's (RFC 3886), wherever in
/// the message the part lies, since not all servers wrap it in a multipart/report.
/// </summary>
internal static partial class DeliveryReport
{
    private const int MaxFields = 200;
    private const int MaxWords = 8000;
    private const int MaxContent = 1 << 20;
    private const int MaxLines = 4000;
    private const int MaxCode = 8;

    private static readonly string[] Types = ["delivery-status", "global-delivery-status", "tracking-status"];

    // The first is of RFC 3464; the others stand beside it, or beside the words of a notification of disposition.
    private static readonly string[] Marks = ["Final-Recipient:", "Action:", "Status:", "Diagnostic-Code:"];

    /// <summary>An outcome a recipient; empty where there is no such part.</summary>
    public static IReadOnlyList<Outcome> Read(MimeMessage message, string around)
    {
        var about = new Lazy<IReadOnlyDictionary<string, string>>(() => WordsReport.About(around));
        foreach (var entity in message.BodyParts.Take(MaxFields))
        {
            if (!entity.ContentType.MediaType.Equals("message", StringComparison.OrdinalIgnoreCase)
                || !(Types.Contains(entity.ContentType.MediaSubtype, StringComparer.OrdinalIgnoreCase) || (entity is MessageDispositionNotification && ReportSigns.IsRejection(message, around)))
                || entity is not MimePart part)
                continue;
            if (Outcomes(Groups(part), around, about) is { Length: > 0 } outcomes)
                return outcomes;
        }

        return [];
    }

    /// <summary>The same of fields that stand among the words, where a gateway took the parts for text or lost what divides them.</summary>
    public static IReadOnlyList<Outcome> ReadWords(string text)
    {
        if (!text.Contains(Marks[0], StringComparison.OrdinalIgnoreCase))
            return [];
        var groups = new List<HeaderList>();
        var block = new StringBuilder();
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n').Take(MaxLines).Append(""))
        {
            if (line.Trim().Length > 0)
            {
                block.Append(line).Append('\n');
                continue;
            }

            if (Array.Exists(Marks, mark => block.ToString().Contains(mark, StringComparison.OrdinalIgnoreCase)) && groups.Count < MaxFields * 5)
                groups.Add(Fields(block.ToString()));
            block.Clear();
        }

        groups.RemoveAll(fields => fields["Final-Recipient"] is null || Marks.Count(mark => fields[mark[..^1]] is not null) < 2);
        return Outcomes(groups, text, new Lazy<IReadOnlyDictionary<string, string>>(() => WordsReport.About(text)));
    }

    private static Outcome[] Outcomes(List<HeaderList> groups, string around, Lazy<IReadOnlyDictionary<string, string>> about)
    {
        around = SetPhrases.Without(Disclaimers.Without(around));
        var perMessage = groups.Count > 0 && Address(groups[0]) is null ? groups[0] : null;
        return [.. groups.Where(group => Address(group) is not null || group["Action"] is not null).Select(group => Outcome(group, perMessage, around, about)).Take(MessageReader.MaxRecipients)];
    }

    private static Outcome Outcome(HeaderList fields, HeaderList? perMessage, string around, Lazy<IReadOnlyDictionary<string, string>> about)
    {
        var address = Address(fields) ?? (about.Value.Count == 1 ? about.Value.First().Key : null);
        var (type, diagnostic) = Typed(Unfolded(fields["Diagnostic-Code"]));
        if (type.Equals("x-unix", StringComparison.OrdinalIgnoreCase) && diagnostic.Length > 0)
            diagnostic = $"x-unix: {diagnostic}"; // the exit status of a program that was to take the message, and no reply
        var status = Status(fields["Status"]);
        if (status is null && diagnostic.Length == 0 && fields["Status"]?.Trim() is { } reply && CodeInWords.Find(reply[..Math.Min(reply.Length, MaxCode)]) is not null)
            diagnostic = Unfolded(reply); // "Status: 553 Exceeded maximum inbound message size"
        else if (fields["X400-Supplementary-Info"] is { } remote && Pillarbox.Reference.Explainer.ExplainText(diagnostic)?.Code is null)
            diagnostic = Unfolded(remote).Trim('"'); // an X.400 gateway's own numbers say less
        var words = diagnostic[..Math.Min(diagnostic.Length, MaxWords)];
        if (address is not null && (words.Length == 0 || IsVague(words, status)) && about.Value.GetValueOrDefault(address, "") is { Length: > 0 } told)
            words = words.Length == 0 || Tells(told, status) ? told : words;
        return new Outcome(address, words)
        {
            Status = status,
            Action = FirstWord(fields["Action"]).ToLowerInvariant(),
            Host = $"{Typed(fields["Remote-MTA"]).Value} {Typed(perMessage?["Reporting-MTA"]).Value}".Trim(),
            Around = around,
        };
    }

    // "smtp; Permanent failure" beside words for people that have the reply itself.
    private static bool IsVague(string diagnostic, string? status) =>
        (status is null || status.EndsWith(".0.0", StringComparison.Ordinal)) && CodeInWords.Find(diagnostic) is null && Pillarbox.Reference.Explainer.ExplainText(diagnostic)?.Code is null;

    private static bool Tells(string words, string? status) =>
        Pillarbox.Reference.Explainer.ExplainText(words) is { Code: { } code } && (status is null || status[0] - '0' == code / 100);

    // RFC 3464 §2.3.2: the final recipient is whom the server spoke of; the original one may be older than a forwarding.
    private static string? Address(HeaderList fields) =>
        Whole(Mail(Typed(fields["Final-Recipient"]))) ?? Whole(Decoded(fields["Original-Recipient"])) ?? Whole(Mail(Typed(fields["X-Actual-Recipient"])))
        ?? Mail(Typed(fields["Final-Recipient"])) ?? Mail(Typed(fields["Original-Recipient"]));

    // "LOCAL; kitchen" is a name on that server alone.
    private static string? Whole(string? address) => address is not null && AddressLine.IsAddress(address) ? address : null;

    private static string? Mail((string Type, string Value) field)
    {
        var value = field.Value.Trim();

        // "<bob@example.net> (Bob)", "bob@example.net (local)": what is behind it is a comment.
        if (value.StartsWith('<') && value.IndexOf('>', StringComparison.Ordinal) is > 0 and var end)
            value = value[..end];
        else if (value.IndexOf(' ', StringComparison.Ordinal) is > 0 and var blank && AddressLine.IsAddress(value[..blank].TrimEnd(',', ';')))
            value = value[..blank].TrimEnd(',', ';');
        value = value.Trim('<', '>', ' ');
        if (field.Type.Equals("x400", StringComparison.OrdinalIgnoreCase) || value.Length is 0 or > 320)
            return value.Length is 0 or > 320 ? null : value;
        return field.Type.Equals("utf-8", StringComparison.OrdinalIgnoreCase) ? Utf8Address.Decode(value) : value;
    }

    // RFC 3461 §4.2: the original recipient went through SMTP, where it is written in xtext.
    private static string? Decoded(string? field)
    {
        var (type, value) = Typed(field);
        return Mail((type, Xtext().Replace(value, match => ((char)int.Parse(match.ValueSpan[1..], NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString())));
    }

    // "rfc822; bob@example.net", "smtp; 550 no", or without a type where a server forgot it.
    private static (string Type, string Value) Typed(string? field)
    {
        if (field is null)
            return ("", "");
        var at = field.IndexOf(';', StringComparison.Ordinal);
        return at is < 1 or > 20 || field.AsSpan(0, at).Trim().Contains(' ') ? ("", field.Trim()) : (field[..at].Trim(), field[(at + 1)..].Trim());
    }

    // "5.1.1", and "5.1.1 (bad destination mailbox address)", "550 5.1.1" and "smtp; 5.1.1" as some write it.
    private static string? Status(string? field) =>
        field?.Split([' ', '\t', '(', ')', ';', ','], 6, StringSplitOptions.RemoveEmptyEntries).Take(5)
            .FirstOrDefault(word => word.Contains('.', StringComparison.Ordinal) && Pillarbox.Reference.ReplyReference.Explain(null, word) is not null);

    private static string FirstWord(string? field)
    {
        var value = field?.Trim() ?? "";
        var end = value.IndexOfAny([' ', '\t', '(', ';', ',']);
        return end < 0 ? value : value[..end];
    }

    private static string Unfolded(string? field) => field?.Replace("\r\n", "\n", StringComparison.Ordinal).Trim() ?? "";

    private static List<HeaderList> Groups(MimePart part)
    {
        if (part is MessageDeliveryStatus status && part.Content?.Stream is { Length: < MaxContent })
            return [.. status.StatusGroups.Take(MaxFields * 5)];

        // MimeKit reads RFC 3464's type by itself; the others have the same form.
        using var content = new MemoryStream();
        part.Content?.DecodeTo(content);
        var groups = new List<HeaderList>();
        foreach (var block in Encoding.UTF8.GetString(content.GetBuffer(), 0, (int)Math.Min(content.Length, MaxContent)).ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Take(MaxFields * 5))
            groups.Add(Fields(block));
        return groups;
    }

    private static HeaderList Fields(string block)
    {
        var fields = new HeaderList();
        string? name = null;
        var value = new StringBuilder();
        foreach (var line in block.Split('\n').Append("-: end"))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (line.Length > 0 && line[0] is ' ' or '\t')
            {
                value.Append(' ').Append(line.Trim());
                continue;
            }

            if (name is not null)
                fields.Add(name, value.ToString());
            value.Clear();
            name = colon > 0 && IsName(line[..colon]) && colon + 1 < line.Length ? line[..colon] : null;
            if (name is not null)
                value.Append(line[(colon + 1)..].Trim());
        }

        return fields;
    }

    private static bool IsName(string name) => name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') && name != "-";

    [GeneratedRegex(@"\+[2-7][0-9A-F]")]
    private static partial Regex Xtext();
}
