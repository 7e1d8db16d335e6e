using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Pillarbox.Queue;

namespace Pillarbox.Delivery.Bounces;

/// <summary>The part of a report for programs: message/delivery-status (RFC 3464 §2), or its global form (RFC 6533 §4).</summary>
internal static class StatusPart
{
    private const int MaxDiagnostic = 900;

    public static string Write(
        Envelope envelope, ImmutableArray<ReportedRecipient> recipients, string hostname, TimeSpan expire, DateTimeOffset now, bool global)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Reporting-MTA: dns; {hostname}\r\nX-Pillarbox-Queue-ID: {envelope.Id}\r\n");
        text.Append(CultureInfo.InvariantCulture, $"Arrival-Date: {ReportWriter.Date(envelope.Accepted)}\r\n");
        foreach (var recipient in recipients)
        {
            text.Append(CultureInfo.InvariantCulture, $"\r\nFinal-Recipient: {(recipient.Address.NeedsSmtpUtf8 ? "utf-8" : "rfc822")}; {recipient.Address.Text}\r\n");
            text.Append(CultureInfo.InvariantCulture, $"Action: {(recipient.Action == ReportAction.Delayed ? "delayed" : "failed")}\r\n");
            text.Append(CultureInfo.InvariantCulture, $"Status: {recipient.Status}\r\n");
            if (recipient.Verdict.Host is { } host)
                text.Append(CultureInfo.InvariantCulture, $"Remote-MTA: dns; {host}\r\n");

            // Only what an SMTP server said is of type smtp (RFC 3464 §2.3.6); what we found ourselves is of a type of our own.
            var type = recipient.Verdict.Reply is null ? "x-pillarbox" : "smtp";
            text.Append(CultureInfo.InvariantCulture, $"Diagnostic-Code: {type}; {Plain(recipient.Verdict.Text, global)}\r\n");
            text.Append(CultureInfo.InvariantCulture, $"Last-Attempt-Date: {ReportWriter.Date(now)}\r\n");
            if (recipient.Action == ReportAction.Delayed)
                text.Append(CultureInfo.InvariantCulture, $"Will-Retry-Until: {ReportWriter.Date(envelope.Released + expire)}\r\n");
        }

        return text.ToString();
    }

    // A reply may hold anything: line ends and control characters would end the field, and a line has 998 octets at most (RFC 5322 §2.1.1).
    private static string Plain(string text, bool global)
    {
        var plain = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (plain.Length >= (global ? MaxDiagnostic / 4 : MaxDiagnostic))
                break;
            plain.Append(System.Text.Rune.IsControl(rune) ? " " : rune.IsAscii || global ? rune.ToString() : "?");
        }

        return plain.ToString().Trim();
    }
}
