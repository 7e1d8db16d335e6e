using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Pillarbox.Queue;
using Pillarbox.Reference;

namespace Pillarbox.Delivery.Bounces;

/// <summary>The part of a report for people, in one language: what happened to whom, what it means, and who can do something about it.</summary>
internal sealed class HumanPart(string hostname, TimeSpan expire, bool asciiOnly, ReferenceLanguage language)
{
    private const int Width = 76;
    private const int LongestLine = 300;
    private const int LongestReply = 1000;

    private readonly StringBuilder _text = new();

    public string Write(Envelope envelope, ImmutableArray<ReportedRecipient> recipients)
    {
        Paragraph("", language.Label("bounce server", ("host", hostname)));
        ReportAction? said = null;
        foreach (var recipient in recipients)
        {
            if (recipient.Action != said)
                Paragraph("", What(recipient.Action, envelope));
            said = recipient.Action;
            Recipient(recipient);
        }

        Paragraph("", language.Label("bounce parts"));
        return _text.ToString();
    }

    private string What(ReportAction action, Envelope envelope) => action switch
    {
        ReportAction.Delayed => language.Label("bounce delayed", ("date", Date(envelope.Accepted)), ("until", Date(Deadline.End(envelope, expire)))),
        ReportAction.Relayed => language.Label("bounce relayed", ("date", Date(envelope.Accepted))),
        ReportAction.Expanded => language.Label("bounce expanded", ("date", Date(envelope.Accepted))),
        ReportAction.Delivered => language.Label("bounce delivered", ("date", Date(envelope.Accepted))),
        _ => language.Label("bounce failed", ("date", Date(envelope.Accepted))),
    };

    private void Recipient(ReportedRecipient recipient)
    {
        var verdict = recipient.Verdict;
        var success = recipient.Action is ReportAction.Delivered or ReportAction.Relayed or ReportAction.Expanded;
        Paragraph("", $"<{recipient.Address.Text}>", blank: success && verdict.Reply is null);
        if (success && verdict.Reply is null)
            return;
        if (recipient.Expired)
            Paragraph("  ", Tried(expire), blank: false);
        Paragraph("  ", verdict.Reply is null
            ? language.Label("bounce found", ("found", verdict.Text))
            : language.Label("bounce said", ("host", verdict.Host ?? ""), ("reply", Cut(verdict.Text))), blank: success);
        if (!success)
            Paragraph("  ", language.Label("bounce means", ("meaning", Meaning(verdict, recipient.Action == ReportAction.Delayed))));
    }

    // What to do is said of a failure alone; a message that is still being tried asks nothing of its sender.
    private string Meaning(Verdict verdict, bool delayed)
    {
        var code = verdict.Reply?.Code;
        var status = verdict.Reply is { } reply ? reply.Status : verdict.Status;
        var enhanced = status.IsNone ? null : status.ToString();
        var text = verdict.Reply?.Text ?? verdict.Text;
        return delayed
            ? ReplyReference.DelayWords(code, enhanced, text, language.Tag)
            : ReplyReference.PlainWords(code, enhanced, text, language.Tag);
    }

    private static string Cut(string text) => text.Length <= LongestReply ? text : $"{text.AsSpan(0, LongestReply)}…";

    private string Tried(TimeSpan time) => time switch
    {
        { TotalDays: >= 2 } => language.Count("bounce tried.days", (int)time.TotalDays),
        { TotalHours: >= 2 } => language.Count("bounce tried.hours", (int)time.TotalHours),
        { TotalMinutes: >= 2 } => language.Count("bounce tried.minutes", (int)time.TotalMinutes),
        _ => language.Count("bounce tried.seconds", Math.Max(0, (int)time.TotalSeconds)),
    };

    // The names of days and months in a header's date are English; elsewhere it has digits alone.
    private string Date(DateTimeOffset time) => language.Tag == "en"
        ? ReportWriter.Date(time)
        : time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    // What a server said cannot bring line ends in, nor a word without end.
    private void Paragraph(string indent, string content, bool blank = true)
    {
        foreach (var line in TextWrap.Lines(Plain(content), Width - indent.Length))
            _text.Append(indent).Append(line.Length > LongestLine ? line[..LongestLine] : line).Append("\r\n");
        if (blank)
            _text.Append("\r\n");
    }

    private string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsControl(rune) || Rune.IsWhiteSpace(rune))
                plain.Append(' ');
            else
                plain.Append(rune.IsAscii || !asciiOnly ? rune.ToString() : Ascii(rune));
        }

        return plain.ToString();
    }

    private static string Ascii(Rune rune) => rune.Value switch
    {
        '\u2018' or '\u2019' => "'",
        '\u201c' or '\u201d' => "\"",
        '\u2013' or '\u2014' => "-",
        '\u2026' => "...",
        _ => "?",
    };
}
