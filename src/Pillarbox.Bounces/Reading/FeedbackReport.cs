using MimeKit;
using Pillarbox.Reference;

namespace Pillarbox.Bounces.Reading;

/// <summary>A complaint that a provider passes on (RFC 5965).</summary>
internal static class FeedbackReport
{
    private static readonly string[] Addresses = ["Original-Rcpt-To", "Removal-Recipient", "X-HmXmrOriginalRecipient"];

    /// <summary>Who complained, as far as the report tells; null where it is none.</summary>
    public static IReadOnlyList<RecipientReport>? Read(MimeMessage message, string language)
    {
        var part = message.BodyParts
            .FirstOrDefault(one => one.ContentType.IsMimeType("message", "feedback-report"));
        if (part is null)
            return null;
        var fields = part is MimePart report ? MessageText.Fields(report) : [];
        var type = Field(fields, "Feedback-Type") ?? "abuse";
        var told = fields.Where(field => Addresses.Contains(field.Name, StringComparer.OrdinalIgnoreCase)).Select(field => field.Value.Trim('<', '>', ' '))
            .Distinct(StringComparer.OrdinalIgnoreCase).Take(MessageReader.MaxRecipients).ToList();
        var explanation = Explainer.ExplainReason(ReplyReason.Feedback, ReplyClass.PositiveCompletion, $"Feedback-Type: {type}", 0.99, language);
        return [.. told.Select(address => new RecipientReport(address, explanation))];
    }

    private static string? Field(IEnumerable<(string Name, string Value)> fields, string name) =>
        fields.Where(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(field => field.Value).FirstOrDefault();
}
