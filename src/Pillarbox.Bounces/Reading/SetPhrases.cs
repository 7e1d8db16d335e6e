using System.Buffers;
using System.Collections.Frozen;

namespace Pillarbox.Bounces.Reading;

/// <summary>
/// What reports say whatever happened: that they are reports, that something was not delivered, whom to ask, what the message's subject
/// was. No reason is read out of it.
/// </summary>
internal static class SetPhrases
{
    private const int MaxLength = 16 << 10;
    private const string AnyWord = "?";
    private const string Punctuation = ".,:;()[]!\"<>-#*|=_'";

    private static readonly SearchValues<char> Marks = SearchValues.Create(Punctuation);

    // A blank stands for any, a line break and a mark of quoting among them; "?" for any word. The longer ones first.
    private static readonly FrozenDictionary<string, string[][]> Phrases = Table(
    [
        "a message that you sent could not be delivered to one or more of its recipients",
        "a message that you sent could not be delivered to all of its recipients",
        "a message that you sent has not yet been delivered to one or more of its recipients after more than ? ? on the queue",
        "a message that you sent", "that you sent", "message you previously sent", "you previously sent", "you have sent", "you sent me",
        "you sent us", "you sent with the following subject", "you sent",
        "the following address(es) failed", "the following addresses failed", "the following address failed",
        "following addresses had permanent fatal errors", "following addresses had transient non-fatal errors",
        "following addresses had permanent delivery errors", "following addresses had delivery problems", "permanent fatal errors",
        "permanent fatal delivery errors", "transient non-fatal errors", "this is a permanent error",
        "i wasn't able to deliver your message to the following addresses", "i've given up", "sorry it didn't work out",
        "your message could not be delivered to one or more recipients", "to inform you that your message could not",
        "it's attached below", "for further assistance please send mail to", "if you do so please include this problem report",
        "you can delete your own text from the attached returned message", "you can delete your own text from the message returned below",
        "this is a warning only", "this is a warning message only", "you do not need to resend your message",
        "could not be delivered for ? hours", "could not be delivered for ? hour", "it will be retried until it is ? days old",
        "transcript of session follows", "was not delivered to", "did not reach some or all of the intended recipients",
        "did not reach the following recipient(s)", "did not reach the following recipient",
        "the following recipient(s) could not be reached", "the following recipient(s) cannot be reached",
        "the following recipients could not be reached",
        "unable to deliver message to the following address(es)", "unable to deliver message to the following address",
        "unable to deliver your message to the following address", "unable to deliver your message to the following addresses",
        "i am sending you this message to inform you on the delivery status of a message",
        "below you will find a list of the affected recipients", "a delivery status notification",
        "google tried to deliver your message but it was rejected by the recipient domain",
        "google tried to deliver your message but it was rejected by the server for the recipient domain ?",
        "google tried to deliver your message but it was rejected by the server",
        "we recommend contacting the other email provider for further information about the cause of this error",
        "we recommend contacting the other email provider at ? for further information about the cause of this error",
        "thanks for your continued support", "technical details of permanent failure", "technical details of temporary failure",
        "after one or more unsuccessful delivery attempts the attached message has been removed from the mail queue on this server",
        "the number and frequency of delivery attempts are determined by local configuration parameters",
        "the number and frequency of delivery attempts are determined by local configuration",
        "was not delivered to one or more recipients",
        "please do not reply to this email", "please do not reply to this e-mail", "please do not reply to this message",
        "please do not reply to this mail", "please do not reply", "do not reply to this", "do not reply", "please do not respond",
        "an error has occurred while attempting to deliver a message for the following list of recipients",
        "no action is required on your part", "below is a copy of the original message", "contact your administrator",
        "contact your system administrator", "contact your mail administrator", "contact your network administrator",
        "contact your email administrator",
        "delivery to the following recipients failed", "delivery to the following recipient failed",
        "delivery to the following recipient failed permanently", "could not be delivered to the following recipient",
        "could not be delivered to the following recipients", "cannot be delivered to the following recipients",
        "cannot be delivered to the following recipient", "was blocked by our gateway", "has not been delivered", "not been delivered",
        "the reason why i was unable to deliver your message", "automatically generated",
    ]);

    // Whose rest of the line is the message's own.
    private static readonly string[] Fields =
        ["subject:", "sent:", "date:", "betreff:", "objet:", "asunto:", "oggetto:", "assunto:", "onderwerp:", "temat:", "тема:", "件名", "主题", "主題", "제목", "the original message was received at", "the original message was received on", "the subject of the message is:", "the date of the message is:", "the message identifier is:"];

    /// <summary>The first 16,384 characters of a text, without such phrases; each word is looked at once.</summary>
    public static string Without(string text)
    {
        text = text[..Math.Min(text.Length, MaxLength)];
        var words = Words(text);
        char[]? kept = null;
        for (var at = 0; at < words.Count; at++)
        {
            var (start, end) = words[at];
            var length = IsFirst(text, start) && Array.Exists(Fields, field => text.AsSpan(start).StartsWith(field, StringComparison.OrdinalIgnoreCase))
                ? OnLine(text, words, at)
                : Longest(text, words, at);
            if (length == 0)
                continue;
            kept ??= text.ToCharArray();
            for (var blank = start; blank < words[at + length - 1].End; blank++)
                kept[blank] = kept[blank] is '\n' or '\r' ? kept[blank] : ' ';
            at += length - 1;
        }

        return kept is null ? text : new string(kept);
    }

    private static int Longest(string text, List<(int Start, int End)> words, int at)
    {
        var longest = 0;
        if (Phrases.TryGetValue(Core(text, words[at]), out var phrases))
        {
            foreach (var phrase in phrases)
            {
                var matched = 1;
                while (matched < phrase.Length && at + matched < words.Count && (phrase[matched] == AnyWord || phrase[matched] == Core(text, words[at + matched])))
                    matched++;
                longest = matched == phrase.Length ? Math.Max(longest, matched) : longest;
            }
        }

        return longest;
    }

    private static int OnLine(string text, List<(int Start, int End)> words, int at)
    {
        var end = text.IndexOf('\n', words[at].Start);
        var last = at;
        while (last < words.Count && (end < 0 || words[last].Start < end))
            last++;
        return last - at;
    }

    private static bool IsFirst(string text, int start)
    {
        while (start > 0 && text[start - 1] is ' ' or '\t' or '>' or '|')
            start--;
        return start == 0 || text[start - 1] == '\n';
    }

    // Runs of what is no blank, but for those that are punctuation alone.
    private static List<(int Start, int End)> Words(string text)
    {
        var words = new List<(int, int)>();
        for (var at = 0; at < text.Length; at++)
        {
            if (char.IsWhiteSpace(text[at]))
                continue;
            var start = at;
            while (at < text.Length && !char.IsWhiteSpace(text[at]))
                at++;
            if (text.AsSpan(start, at - start).ContainsAnyExcept(Marks))
                words.Add((start, at));
        }

        return words;
    }

    private static string Core(string text, (int Start, int End) word) => text.AsSpan(word.Start, word.End - word.Start).Trim(Punctuation).ToString().ToLowerInvariant().Replace('\u2019', '\'');

    private static FrozenDictionary<string, string[][]> Table(string[] phrases) =>
        phrases.Select(phrase => phrase.Split(' ').Select(word => word == AnyWord ? word : word.Trim(Punctuation.ToCharArray())).ToArray())
            .GroupBy(words => words[0]).ToFrozenDictionary(group => group.Key, group => group.ToArray());
}
