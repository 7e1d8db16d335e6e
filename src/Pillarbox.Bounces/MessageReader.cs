using System.Text;
using MimeKit;
using Pillarbox.Bounces.Reading;
using Pillarbox.Reference;

namespace Pillarbox.Bounces;

/// <summary>
/// Reads a whole message: a delivery report (RFC 3464, RFC 6533), a report in words alone as many servers wrote and write them, an
/// automatic answer, a feedback report (RFC 5965).
/// </summary>
public static class MessageReader
{
    /// <summary>Octets that are read of a message; what lies behind is left alone.</summary>
    public const int MaxLength = 10 << 20;

    /// <summary>Recipients that are told of.</summary>
    public const int MaxRecipients = 1000;

    private const int MaxDepth = 64;

    // Reports come in the charsets of their countries: ISO-2022-JP, GB 2312, KOI8-R.
    static MessageReader() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>Reads a message and explains what it says of each recipient.</summary>
    /// <param name="message">The message, from its first header field on; the first <see cref="MaxLength"/> octets are read.</param>
    /// <param name="language">The language of the explanations, as a BCP 47 tag.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>What it is. Any octets are a message of some kind: what cannot be read is <see cref="MessageKind.Other"/>.</returns>
    public static async Task<MessageReport> ReadAsync(Stream message, string language = "en", CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        using var start = new MemoryStream();
        await CopyStartAsync(message, start, cancellationToken);
        start.SetLength(LongLines.Cut(start.GetBuffer().AsSpan(0, (int)start.Length)));
        start.Position = 0;
        return Read(start, language, cancellationToken);
    }

    /// <summary>Whether a text begins as a message does: two header fields or more, of which one is known from mail.</summary>
    /// <param name="octets">The text; its first octets are looked at.</param>
    public static bool IsMessage(ReadOnlySpan<byte> octets) => MessageStart.IsMessage(octets);

    private static MessageReport Read(MemoryStream start, string language, CancellationToken cancellationToken)
    {
        var tag = ReferenceLanguage.For(language).Tag;
        try
        {
            var options = ParserOptions.Default.Clone();
            options.MaxMimeDepth = MaxDepth;
            using var parsed = MimeMessage.Load(options, start, persistent: true, cancellationToken);
            return Report(parsed, tag);
        }
        catch (FormatException)
        {
            // Not a message by any reading.
            return new MessageReport(MessageKind.Other, [], tag);
        }
    }

    private static MessageReport Report(MimeMessage message, string language)
    {
        var text = MessageText.Of(message);
        if (FeedbackReport.Read(message, text, language) is { } feedback)
            return new MessageReport(MessageKind.Feedback, feedback, language);

        // A receipt says that somebody opened the message, a report on TLS or DMARC counts many: nothing came back.
        if (ReportSigns.IsOtherReport(message, text))
            return new MessageReport(MessageKind.Other, [], language);
        if (!ReportSigns.IsPassedOn(message) && DeliveryReport.Read(message, text) is { Count: > 0 } outcomes)
            return Bounce(outcomes, language);
        if (EventNotice.Read(message, text) is { Count: > 0 } events)
            return Bounce(events, language);

        // Exim marks its reports as answers, too: what a mail system sent is one only if it is no report.
        var answer = AutomaticAnswer.Read(message, text, language);
        var isReport = ReportSigns.NamesFailed(message) || ((ReportSigns.IsOfDaemon(message) || ReportSigns.IsNamedReport(message)) && !AutomaticAnswer.IsPlain(message));
        if (!isReport && answer is not null)
            return new MessageReport(MessageKind.AutoReply, [answer], language);
        if (WordsReport.Read(message, text) is { Count: > 0 } told && Bounce(told, language) is var report && report.Recipients.Any(one => TellsSomething(one) && !(one.Address is null && ReportSigns.IsWarning(message, text))))
            return report;

        // A report that lost what it was to tell is one all the same.
        if (ReportSigns.IsDeclared(message) && ReportSigns.IsOfDaemon(message))
            return new MessageReport(MessageKind.Bounce, [], language);
        return answer is not null ? new MessageReport(MessageKind.AutoReply, [answer], language) : new MessageReport(MessageKind.Other, [], language);
    }

    // A message that names nobody and gives no reason is no report, whoever it comes from.
    private static bool TellsSomething(RecipientReport one) => one.Address is not null || one.Explanation.Reason != ReplyReason.Undefined;

    private static MessageReport Bounce(IReadOnlyList<Outcome> outcomes, string language) =>
        new(MessageKind.Bounce, [.. outcomes.Take(MaxRecipients).Select(outcome => new RecipientReport(outcome.Address, outcome.Explain(language)))], language);

    private static async Task CopyStartAsync(Stream message, MemoryStream start, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 << 10];
        while (start.Length < MaxLength)
        {
            var read = await message.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, MaxLength - start.Length)), cancellationToken);
            if (read == 0)
                return;
            start.Write(buffer, 0, read);
        }
    }
}
