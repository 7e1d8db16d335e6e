using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Pillarbox.Protocol.Commands;
using Pillarbox.Protocol.Grammar;
using Pillarbox.Queue;
using Pillarbox.Reference;

namespace Pillarbox.Delivery.Bounces;

/// <summary>
/// Writes what the sender hears: a multipart/report (RFC 6522) of plain words, a delivery-status (RFC 3464), and the message or its
/// header. Plain ASCII, so that it passes every hop, whatever it tells of: escapes and Base64 hold what is not (RFC 6533 §4.5). Only to a
/// sender whose own address needs SMTPUTF8 all the way do the parts take their global forms as they are (§4).
/// In a language other than English the plain words are in both.
/// </summary>
/// <param name="hostname">Our name.</param>
/// <param name="expire">How long messages are tried.</param>
/// <param name="returned">Octets up to which a message that failed is returned whole unasked.</param>
/// <param name="language">The language of the plain words, as a BCP 47 tag of the reference.</param>
internal sealed class ReportWriter(string hostname, TimeSpan expire, int returned, string language)
{
    private const string Rule = "----------------------------------------------------------------------------\r\n\r\n";

    private static readonly ReferenceLanguage English = ReferenceLanguage.For("en");

    // English is for whoever helps the sender, and for a sender who reads no other.
    private readonly ImmutableArray<ReferenceLanguage> _languages =
        ReferenceLanguage.For(language) is { Tag: not "en" } other ? [other, English] : [English];

    /// <summary>Writes a report on a message that has a sender.</summary>
    /// <param name="id">The report's own name.</param>
    /// <param name="envelope">The message it is about.</param>
    /// <param name="body">That message's body, or <see langword="null"/> where it cannot be had.</param>
    /// <param name="recipients">Those it is about, at least one, those of one action together; the first one's names the report.</param>
    /// <param name="now">The time of the last attempt, in UTC.</param>
    /// <param name="cancellationToken">Ends the reading of the body.</param>
    public async ValueTask<Report> WriteAsync(
        QueueId id, Envelope envelope, MessageBody? body, ImmutableArray<ReportedRecipient> recipients, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var sender = envelope.Sender ?? throw new ArgumentException("nothing is reported to the null sender", nameof(envelope));
        var failed = recipients.Any(each => each.Action == ReportAction.Failed);
        var original = await OriginalPart.ReadAsync(envelope, body, failed, returned, cancellationToken);
        var global = sender.NeedsSmtpUtf8;

        var boundary = $"=_{id}";
        var text = new StringBuilder();
        Header(text, id, sender, boundary, recipients[0].Action, now);
        var encoding = !original.IsEightBit ? null : original.IsGlobal && !global ? "base64" : "8bit";
        if (global || encoding == "8bit")
            text.Append("Content-Transfer-Encoding: 8bit\r\n");
        AppendWords(text, boundary, global, envelope, recipients);
        Part(text, boundary, global ? "message/global-delivery-status" : "message/delivery-status", global ? "8bit" : null);
        text.Append(new StatusPart(hostname, expire, now, global).Write(envelope, recipients));
        Part(text, boundary, original.ContentType, encoding);
        var returnedContent = encoding == "base64" ? Encoding.ASCII.GetBytes(Base64(original.Content.Span)) : original.Content;
        byte[] content = [.. Encoding.UTF8.GetBytes(text.ToString()), .. returnedContent.Span, .. Encoding.ASCII.GetBytes($"\r\n--{boundary}--\r\n")];
        return new Report(EnvelopeOf(id, envelope, content, now, global), content);
    }

    private void Header(StringBuilder text, QueueId id, Mailbox sender, string boundary, ReportAction action, DateTimeOffset now)
    {
        text.Append(CultureInfo.InvariantCulture, $"From: Mail Delivery System <postmaster@{hostname}>\r\nTo: <{sender.Text}>\r\n");
        text.Append(CultureInfo.InvariantCulture, $"Subject: {Subject(action)}\r\nDate: {Date(now)}\r\nMessage-ID: <{id}@{hostname}>\r\nMIME-Version: 1.0\r\n");

        // RFC 3834 §5: so that no vacation program answers it.
        text.Append("Auto-Submitted: auto-replied\r\n");
        text.Append(CultureInfo.InvariantCulture, $"Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=\"{boundary}\"\r\n");
    }

    private string Subject(ReportAction action)
    {
        var key = action switch
        {
            ReportAction.Delayed => "bounce subject.delayed",
            ReportAction.Relayed => "bounce subject.relayed",
            ReportAction.Expanded => "bounce subject.expanded",
            ReportAction.Delivered => "bounce subject.delivered",
            _ => "bounce subject.failed",
        };
        var english = English.Label(key);
        return _languages.Length == 1 ? english : $"{EncodedWords.Of(_languages[0].Label(key))}\r\n / {english}";
    }

    private void AppendWords(StringBuilder text, string boundary, bool global, Envelope envelope, ImmutableArray<ReportedRecipient> recipients)
    {
        var plain = _languages.Length == 1 && !recipients.Any(each => each.Address.NeedsSmtpUtf8);
        var tags = string.Join(", ", _languages.Select(each => each.Tag));
        var words = string.Join(Rule, _languages.Select(each => new HumanPart(hostname, expire, asciiOnly: plain && !global, each).Write(envelope, recipients)));
        if (plain || (global && _languages.Length == 1))
        {
            Part(text, boundary, global ? "text/plain; charset=utf-8" : "text/plain; charset=us-ascii", global ? "8bit" : null, tags);
            text.Append(words);
            return;
        }

        // Mostly other letters than ASCII, of which quoted-printable would make nine octets each (RFC 2045 §6.7).
        Part(text, boundary, "text/plain; charset=utf-8", "base64", tags);
        text.Append(Base64(Encoding.UTF8.GetBytes(words)));
    }

    private static string Base64(ReadOnlySpan<byte> octets) => Convert.ToBase64String(octets, Base64FormattingOptions.InsertLineBreaks) + "\r\n";

    private static void Part(StringBuilder text, string boundary, string type, string? encoding, string? languages = null)
    {
        text.Append(CultureInfo.InvariantCulture, $"\r\n--{boundary}\r\nContent-Type: {type}\r\n");
        if (languages is not null)
            text.Append(CultureInfo.InvariantCulture, $"Content-Language: {languages}\r\n");
        if (encoding is not null)
            text.Append(CultureInfo.InvariantCulture, $"Content-Transfer-Encoding: {encoding}\r\n");
        text.Append("\r\n");
    }

    private static Envelope EnvelopeOf(QueueId id, Envelope about, byte[] content, DateTimeOffset now, bool global) => new()
    {
        Id = id,
        Sender = null,

        // RFC 3461 §6.1: the only value that a report may have.
        Recipients = [new Recipient(about.Sender!, NotifyOn.Never)],
        Accepted = now,
        BodySize = content.Length,
        Traits = Client.CanonicalContent.Traits(content),
        SmtpUtf8 = global,

        // RFC 8689 §5: a report tells of the message, so it is protected as the message was. RFC 6710 §5.4: and as urgent.
        Requests = about.Requests is { Priority: 0, RequireTls: false }
            ? SenderRequests.None
            : new SenderRequests { Priority = about.Requests.Priority, RequireTls = about.Requests.RequireTls },
    };

    /// <summary>A date as RFC 5322 §3.3 writes it.</summary>
    public static string Date(DateTimeOffset time) =>
        time.ToUniversalTime().ToString("ddd, d MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture);
}
