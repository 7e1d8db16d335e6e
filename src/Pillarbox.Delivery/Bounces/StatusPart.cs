using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Pillarbox.Protocol.Commands;
using Pillarbox.Protocol.Grammar;
using Pillarbox.Queue;

namespace Pillarbox.Delivery.Bounces;

/// <summary>The part of a report for programs: message/delivery-status (RFC 3464 §2, RFC 3461 §6.3), or its global form (RFC 6533 §4.1).</summary>
internal sealed class StatusPart(string hostname, TimeSpan expire, DateTimeOffset now, bool global)
{
    // A line has 998 octets at most (RFC 5322 §2.1.1), a character up to four.
    private const int MaxDiagnostic = 900;
    private const int MaxGlobalDiagnostic = MaxDiagnostic / 4;

    // No parameter that is copied here is longer, and decoded none grows.
    private const int MaxParameter = 500;

    private readonly StringBuilder _text = new();

    public string Write(Envelope envelope, ImmutableArray<ReportedRecipient> recipients)
    {
        if (envelope.Requests.EnvelopeId is { } id)
            Field("Original-Envelope-Id", Plain(Xtext.Decode(id), MaxParameter));
        Field("Reporting-MTA", $"dns; {hostname}");
        Field("X-Pillarbox-Queue-ID", envelope.Id.ToString());
        Field("Arrival-Date", ReportWriter.Date(envelope.Accepted));

        // RFC 2852 §5 and RFC 4865 §5.
        if (envelope.Requests.DeliverBy is { } by)
            Field("Deliver-By-Date", ReportWriter.Date(by.Deadline));
        if (envelope.Requests.HoldUntil is { } until)
            Field("Future-Release-Request", string.Create(CultureInfo.InvariantCulture, $"until;{until.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}"));
        foreach (var recipient in recipients)
        {
            _text.Append("\r\n");
            Recipient(recipient, Deadline.End(envelope, expire));
        }

        return _text.ToString();
    }

    private void Recipient(ReportedRecipient recipient, DateTimeOffset until)
    {
        if (recipient.Recipient.Original is { } original)
            Field("Original-Recipient", $"{original.AddressType}; {Plain(Address(original), MaxParameter)}");
        Field("Final-Recipient", Final(recipient.Address));
        Field("Action", ActionOf(recipient));
        Field("Status", recipient.Status);

        var verdict = recipient.Verdict;
        if (verdict.Host is { } host)
            Field("Remote-MTA", $"dns; {host}");

        // Only what an SMTP server said is of type smtp (RFC 3464 §2.3.6); what we found ourselves is of a type of our own.
        if (verdict.Reply is not null || recipient.Action is not (ReportAction.Delivered or ReportAction.Expanded))
            Field("Diagnostic-Code", $"{(verdict.Reply is null ? "x-pillarbox" : "smtp")}; {Plain(verdict.Text, global ? MaxGlobalDiagnostic : MaxDiagnostic)}");
        Field("Last-Attempt-Date", ReportWriter.Date(now));
        if (recipient.Action == ReportAction.Delayed)
            Field("Will-Retry-Until", ReportWriter.Date(until));
    }

    private static string ActionOf(ReportedRecipient recipient) => recipient.Action switch
    {
        ReportAction.Delayed => "delayed",
        ReportAction.Relayed => "relayed",
        ReportAction.Expanded => "expanded",
        ReportAction.Delivered => "delivered",
        _ => "failed",
    };

    private string Final(Mailbox address) => address.NeedsSmtpUtf8
        ? $"utf-8; {(global ? address.Text : Unitext.Encode(address.Text))}"
        : $"rfc822; {address.Text}";

    // RFC 6533 §3: UTF-8 where the part may hold it, else escapes.
    private string Address(OriginalRecipient original) =>
        original.IsUtf8 && !global ? Unitext.ToAscii(original.Encoded) : original.Address;

    private void Field(string name, string value) => _text.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");

    // Foreign text may hold anything: line ends and control characters would end the field.
    private string Plain(string text, int most)
    {
        var plain = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (plain.Length >= most)
                break;
            plain.Append(Rune.IsControl(rune) ? " " : rune.IsAscii || global ? rune.ToString() : "?");
        }

        return plain.ToString().Trim();
    }
}
