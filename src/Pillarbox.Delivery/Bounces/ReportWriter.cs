using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Pillarbox.Protocol.Grammar;
using Pillarbox.Queue;

namespace Pillarbox.Delivery.Bounces;

/// <summary>
/// Writes what the sender hears: a multipart/report (RFC 6522) of plain words, a delivery-status (RFC 3464), and the message or its
/// header. Plain ASCII, so that it passes every hop, but where an address or the original's header is not: then the parts take
/// their global forms (RFC 6533).
/// </summary>
/// <param name="hostname">Our name.</param>
/// <param name="expire">How long messages are tried.</param>
/// <param name="returned">Octets up to which the message is returned whole.</param>
internal sealed class ReportWriter(string hostname, TimeSpan expire, int returned)
{
    /// <summary>Writes a report on a message that has a sender.</summary>
    /// <param name="id">The report's own name.</param>
    /// <param name="envelope">The message it is about.</param>
    /// <param name="body">That message's body, or <see langword="null"/> where it cannot be had.</param>
    /// <param name="recipients">Those it is about, at least one, all of one action.</param>
    /// <param name="now">The time of the last attempt, in UTC.</param>
    /// <param name="cancellationToken">Ends the reading of the body.</param>
    public async ValueTask<Report> WriteAsync(
        QueueId id, Envelope envelope, MessageBody? body, ImmutableArray<ReportedRecipient> recipients, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var sender = envelope.Sender ?? throw new ArgumentException("nothing is reported to the null sender", nameof(envelope));
        var original = await OriginalPart.ReadAsync(envelope, body, returned, cancellationToken);
        var global = sender.NeedsSmtpUtf8 || recipients.Any(each => each.Address.NeedsSmtpUtf8) || original.IsEightBit;

        var boundary = $"=_{id}";
        var text = new StringBuilder();
        Header(text, id, sender, boundary, recipients[0].Action, now);
        Part(text, boundary, global ? "text/plain; charset=utf-8" : "text/plain; charset=us-ascii", global);
        text.Append(new HumanPart(hostname, expire, asciiOnly: !global).Write(envelope, recipients));
        Part(text, boundary, global ? "message/global-delivery-status" : "message/delivery-status", global);
        text.Append(StatusPart.Write(envelope, recipients, hostname, expire, now, global));
        Part(text, boundary, original.ContentType, original.IsEightBit);
        byte[] content = [.. Encoding.UTF8.GetBytes(text.ToString()), .. original.Content.Span, .. Encoding.ASCII.GetBytes($"\r\n--{boundary}--\r\n")];
        return new Report(EnvelopeOf(id, sender, content, now, global), content);
    }

    private void Header(StringBuilder text, QueueId id, Mailbox sender, string boundary, ReportAction action, DateTimeOffset now)
    {
        var subject = action == ReportAction.Delayed ? "Delayed: your message has not been delivered yet" : "Undelivered: your message came back";
        text.Append(CultureInfo.InvariantCulture, $"From: Mail Delivery System <postmaster@{hostname}>\r\nTo: <{sender.Text}>\r\n");
        text.Append(CultureInfo.InvariantCulture, $"Subject: {subject}\r\nDate: {Date(now)}\r\nMessage-ID: <{id}@{hostname}>\r\nMIME-Version: 1.0\r\n");

        // RFC 3834 §5: so that no vacation program answers it.
        text.Append("Auto-Submitted: auto-replied\r\n");
        text.Append(CultureInfo.InvariantCulture, $"Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=\"{boundary}\"\r\n");
    }

    private static void Part(StringBuilder text, string boundary, string type, bool eightBit)
    {
        text.Append(CultureInfo.InvariantCulture, $"\r\n--{boundary}\r\nContent-Type: {type}\r\n");
        if (eightBit)
            text.Append("Content-Transfer-Encoding: 8bit\r\n");
        text.Append("\r\n");
    }

    private static Envelope EnvelopeOf(QueueId id, Mailbox sender, byte[] content, DateTimeOffset now, bool global) => new()
    {
        Id = id,
        Sender = null,
        Recipients = [sender],
        Accepted = now,
        BodySize = content.Length,
        Traits = Client.CanonicalContent.Traits(content),
        SmtpUtf8 = global,
    };

    /// <summary>A date as RFC 5322 §3.3 writes it.</summary>
    public static string Date(DateTimeOffset time) =>
        time.ToUniversalTime().ToString("ddd, d MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture);
}
