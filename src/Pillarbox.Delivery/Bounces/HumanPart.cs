using System.Collections.Immutable;
using System.Text;
using Pillarbox.Queue;
using Pillarbox.Reference;

namespace Pillarbox.Delivery.Bounces;

/// <summary>The part of a report for people: what happened to whom, what it means, and who can do something about it.</summary>
internal sealed class HumanPart(string hostname, TimeSpan expire, bool asciiOnly)
{
    private const int Width = 76;
    private const int LongestWord = 300;
    private const int LongestReply = 1000;

    private readonly StringBuilder _text = new();

    public string Write(Envelope envelope, ImmutableArray<ReportedRecipient> recipients)
    {
        var of = ReportWriter.Date(envelope.Accepted);
        Paragraph("", $"This is the mail server {hostname}.");
        Paragraph("", recipients[0].Action == ReportAction.Delayed
            ? $"Your message of {of} could not be delivered yet to the recipients below. It is tried again until"
                + $" {ReportWriter.Date(envelope.Accepted + expire)}; you need not send it again. If it cannot be delivered by then, you will hear of it."
            : $"Your message of {of} could not be delivered to the recipients below. It is not tried again.");
        foreach (var recipient in recipients)
            Recipient(recipient);
        Paragraph("", "The parts that follow hold the same for mail programs, and your message or its header.");
        return _text.ToString();
    }

    private void Recipient(ReportedRecipient recipient)
    {
        var verdict = recipient.Verdict;
        Paragraph("", $"<{recipient.Address.Text}>", blank: false);
        if (recipient.Expired)
            Paragraph("  ", $"It was tried for {Words(expire)}, and the time is up. At the last attempt:", blank: false);
        Paragraph("  ", verdict.Reply is null ? Sentence(verdict.Text) : $"The server {verdict.Host} said: {Cut(verdict.Text)}");
        Paragraph("  ", $"What it means: {Meaning(verdict, recipient.Action == ReportAction.Delayed)}");
    }

    // What to do is said of a failure alone; a message that is still being tried asks nothing of its sender.
    private static string Meaning(Verdict verdict, bool delayed)
    {
        var code = verdict.Reply?.Code;
        var status = verdict.Reply is { } reply ? reply.Status : verdict.Status;
        var enhanced = status.IsNone ? null : status.ToString();
        var text = verdict.Reply?.Text ?? verdict.Text;
        return delayed ? ReplyReference.DelayWords(code, enhanced, text) : ReplyReference.PlainWords(code, enhanced, text);
    }

    private static string Sentence(string text) => $"{char.ToUpperInvariant(text[0])}{text.AsSpan(1)}{(text.EndsWith('.') ? "" : ".")}";

    private static string Cut(string text) => text.Length <= LongestReply ? text : $"{text.AsSpan(0, LongestReply)}…";

    private static string Words(TimeSpan time) => time switch
    {
        { TotalDays: >= 2 } => $"{(int)time.TotalDays} days",
        { TotalHours: >= 2 } => $"{(int)time.TotalHours} hours",
        { TotalMinutes: >= 2 } => $"{(int)time.TotalMinutes} minutes",
        _ => $"{Math.Max(0, (int)time.TotalSeconds)} seconds",
    };

    // Breaks at spaces; a longer word than the line stays whole, up to a limit. What a server said cannot bring line ends in.
    private void Paragraph(string indent, string content, bool blank = true)
    {
        var used = 0;
        foreach (var raw in Plain(content).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var word = raw.Length > LongestWord ? raw[..LongestWord] : raw;
            if (used > 0 && used + 1 + word.Length > Width)
            {
                _text.Append("\r\n");
                used = 0;
            }

            _text.Append(used == 0 ? indent : " ").Append(word);
            used += word.Length + (used == 0 ? indent.Length : 1);
        }

        _text.Append(blank ? "\r\n\r\n" : "\r\n");
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
