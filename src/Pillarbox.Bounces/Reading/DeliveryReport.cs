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

    private static readonly string[] Types = ["delivery-status", "global-delivery-status", "tracking-status"];

    /// <summary>An outcome a recipient; empty where there is no such part.</summary>
    public static IReadOnlyList<Outcome> Read(MimeMessage message, string around)
    {
        var about = new Lazy<IReadOnlyDictionary<string, string>>(() => WordsReport.About(around));
        foreach (var entity in message.BodyParts.Take(MaxFields))
        {
            if (!entity.ContentType.MediaType.Equals("message", StringComparison.OrdinalIgnoreCase)
                || !Types.Contains(entity.ContentType.MediaSubtype, StringComparer.OrdinalIgnoreCase)
                || entity is not MimePart part)
                continue;
            var groups = Groups(part);
            var perMessage = groups.Count > 0 && Address(groups[0]) is null ? groups[0] : null;
            Outcome[] outcomes = [.. groups.Where(group => Address(group) is not null || group["Action"] is not null).Select(group => Outcome(group, perMessage, around, about)).Take(MessageReader.MaxRecipients)];
            if (outcomes.Length > 0)
                return outcomes;
        }

        return [];
    }

    private static Outcome Outcome(HeaderList fields, HeaderList? perMessage, string around, Lazy<IReadOnlyDictionary<string, string>> about)
    {
        var address = Address(fields);
        var (type, diagnostic) = Typed(Unfolded(fields["Diagnostic-Code"]));
        if (type.Equals("x-unix", StringComparison.OrdinalIgnoreCase) && diagnostic.Length > 0)
            diagnostic = $"x-unix: {diagnostic}"; // the exit status of a program that was to take the message, and no reply
        var words = diagnostic.Length > 0 ? diagnostic[..Math.Min(diagnostic.Length, MaxWords)] : address is null ? "" : about.Value.GetValueOrDefault(address, "");
        return new Outcome(address, words)
        {
            Status = Status(fields["Status"]),
            Action = fields["Action"]?.Trim().ToLowerInvariant(),
            Host = $"{Typed(fields["Remote-MTA"]).Value} {Typed(perMessage?["Reporting-MTA"]).Value}".Trim(),
            Around = around,
        };
    }

    // RFC 3464 §2.3.2: the final recipient is whom the server spoke of; the original one may be older than a forwarding.
    private static string? Address(HeaderList fields) =>
        Whole(Mail(Typed(fields["Final-Recipient"]))) ?? Whole(Decoded(fields["Original-Recipient"])) ?? Whole(Mail(Typed(fields["X-Actual-Recipient"])))
        ?? Mail(Typed(fields["Final-Recipient"])) ?? Mail(Typed(fields["Original-Recipient"]));

    // "LOCAL; kitchen" is a name on that server alone.
    private static string? Whole(string? address) => address is not null && AddressLine.IsAddress(address) ? address : null;

    private static string? Mail((string Type, string Value) field)
    {
        var value = field.Value.Trim('<', '>', ' ');
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

    // "5.1.1", and "5.1.1 (bad destination mailbox address)" as some write it.
    private static string? Status(string? field)
    {
        var value = field?.Trim() ?? "";
        var end = value.IndexOfAny([' ', '\t', '(', ';']);
        value = end < 0 ? value : value[..end];
        return Pillarbox.Reference.ReplyReference.Explain(null, value) is null ? null : value;
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
