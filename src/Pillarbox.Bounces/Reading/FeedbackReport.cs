using System.Buffers;
using MimeKit;
using Pillarbox.Reference;

namespace Pillarbox.Bounces.Reading;

/// <summary>
/// A complaint that a provider passes on (RFC 5965); one whose fields stand in a part of another type, or as Hotmail did in the copy of the
/// message; one in words alone.
/// </summary>
internal static class FeedbackReport
{
    private const int MaxParts = 20;
    private const int MaxStart = 2000;
    private const string InCopy = "X-HmXmrOriginalRecipient";

    private static readonly string[] Addresses = ["Original-Rcpt-To", "Original-Recipient", "Removal-Recipient", InCopy];

    // How a complaint opens that has no fields.
    private static readonly SearchValues<string> Openings = SearchValues.Create(
    [
        "this is an email abuse report", "this is an e-mail abuse report", "this is a spam report for", "this is an abuse report for",
        "[ spamcop v", "[spamcop v", "has reported the following message as spam", "reported this message as spam",
        "our users have reported", "has been reported as spam by", "was reported as spam by", "an unsolicited message from your network",
        "received complaint about a message from your ip",
    ], StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<string> Subjects = SearchValues.Create(
        ["complaint about message from", "email feedback report for ip", "e-mail feedback report for ip", "abuse report", "spam complaint", "spam report", "feedback loop", "client tos notification", "[spamcop ("], StringComparison.OrdinalIgnoreCase);

    /// <summary>Who complained, as far as the report tells; null where it is none.</summary>
    public static IReadOnlyList<RecipientReport>? Read(MimeMessage message, string text, string language)
    {
        var parts = message.BodyParts.Take(MaxParts).ToList();
        if (parts.OfType<MimePart>().FirstOrDefault(one => one.ContentType.MediaSubtype.Equals("feedback-report", StringComparison.OrdinalIgnoreCase)) is { } part)
            return Told(MessageText.Fields(part), language);
        var copy = parts.OfType<MessagePart>().Select(one => one.Message).FirstOrDefault(one => one?.Headers.Contains(InCopy) == true);
        if (copy is not null)
            return Told([.. copy.Headers.Where(field => field.Field.Equals(InCopy, StringComparison.OrdinalIgnoreCase)).Select(field => (InCopy, field.Value.Trim()))], language);
        if (ReportSigns.IsPassedOn(message) && !IsDeclared(message))
            return null;
        if (EventNotice.Complainers(message, text) is { } complainers)
            return Told([("Feedback-Type", "abuse"), .. complainers.Select(address => (InCopy, address))], language);
        if (InWords(text) is { } fields)
            return Told(fields, language);
        return IsDeclared(message) || TellsOfComplaint(message, text) ? Told([], language) : null;
    }

    // The fields stand in a text, ahead of the message that was complained about.
    private static List<(string Name, string Value)>? InWords(string text)
    {
        var at = text.StartsWith("Feedback-Type:", StringComparison.OrdinalIgnoreCase) ? 0 : text.IndexOf("\nFeedback-Type:", StringComparison.OrdinalIgnoreCase);
        if (at < 0)
            return null;
        var block = text[at..].TrimStart('\n').ReplaceLineEndings("\n");
        var end = block.IndexOf("\n\n", StringComparison.Ordinal);
        var fields = MessageText.Fields(end < 0 ? block : block[..end]);
        return fields.Exists(field => field.Name.Equals("User-Agent", StringComparison.OrdinalIgnoreCase) || field.Name.Equals("Version", StringComparison.OrdinalIgnoreCase)
            || field.Name.Equals("Source-IP", StringComparison.OrdinalIgnoreCase)) ? fields : null;
    }

    private static bool IsDeclared(MimeMessage message) =>
        message.Body?.ContentType is { } type && type.IsMimeType("multipart", "report") && type.Parameters["report-type"]?.Trim().Equals("feedback-report", StringComparison.OrdinalIgnoreCase) == true;

    // A person who writes of abuse has neither the words nor, beside the subject, the message itself.
    private static bool TellsOfComplaint(MimeMessage message, string text)
    {
        var hasSubject = Foreign.SubjectOf(message).AsSpan().ContainsAny(Subjects);
        var hasOpening = text.AsSpan(0, Math.Min(text.Length, MaxStart)).ContainsAny(Openings);
        return (hasSubject && hasOpening) || ((hasSubject || hasOpening) && message.BodyParts.Take(MaxParts).Any(part => part is MessagePart) && !message.Headers.Contains("List-Id"));
    }

    private static RecipientReport[] Told(List<(string Name, string Value)> fields, string language)
    {
        var type = fields.Where(field => field.Name.Equals("Feedback-Type", StringComparison.OrdinalIgnoreCase)).Select(field => field.Value).FirstOrDefault() ?? "abuse";
        var explanation = Explainer.ExplainReason(ReplyReason.Feedback, ReplyClass.PositiveCompletion, $"Feedback-Type: {type}", 0.99, language);
        return
        [
            .. fields.Where(field => Addresses.Contains(field.Name, StringComparer.OrdinalIgnoreCase)).Select(field => field.Value[(field.Value.IndexOf(';', StringComparison.Ordinal) + 1)..].Trim('<', '>', ' '))
                .Where(address => address.Length is > 0 and <= 320).Distinct(StringComparer.OrdinalIgnoreCase).Take(MessageReader.MaxRecipients).Select(address => new RecipientReport(address, explanation)),
        ];
    }
}
