using MimeKit;
using Pillarbox.Reference;

namespace Pillarbox.Bounces.Reading;

/// <summary>A complaint that a provider passes on (RFC 5965), or as Hotmail did, by a field in the copy of the message.</summary>
internal static class FeedbackReport
{
    private const int MaxParts = 20;
    private const string InCopy = "X-HmXmrOriginalRecipient";

    private static readonly string[] Addresses = ["Original-Rcpt-To", "Removal-Recipient", InCopy];

    /// <summary>Who complained, as far as the report tells; null where it is none.</summary>
    public static IReadOnlyList<RecipientReport>? Read(MimeMessage message, string language)
    {
        var parts = message.BodyParts.Take(MaxParts).ToList();
        if (parts.OfType<MimePart>().FirstOrDefault(one => one.ContentType.IsMimeType("message", "feedback-report")) is { } part)
            return Told(MessageText.Fields(part), language);
        var copy = parts.OfType<MessagePart>().Select(one => one.Message).FirstOrDefault(one => one?.Headers.Contains(InCopy) == true);
        return copy is null ? null : Told([.. copy.Headers.Where(field => field.Field.Equals(InCopy, StringComparison.OrdinalIgnoreCase)).Select(field => (InCopy, field.Value.Trim()))], language);
    }

    private static RecipientReport[] Told(List<(string Name, string Value)> fields, string language)
    {
        var type = fields.Where(field => field.Name.Equals("Feedback-Type", StringComparison.OrdinalIgnoreCase)).Select(field => field.Value).FirstOrDefault() ?? "abuse";
        var explanation = Explainer.ExplainReason(ReplyReason.Feedback, ReplyClass.PositiveCompletion, $"Feedback-Type: {type}", 0.99, language);
        return
        [
            .. fields.Where(field => Addresses.Contains(field.Name, StringComparer.OrdinalIgnoreCase)).Select(field => field.Value.Trim('<', '>', ' '))
                .Where(address => address.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase).Take(MessageReader.MaxRecipients).Select(address => new RecipientReport(address, explanation)),
        ];
    }
}
