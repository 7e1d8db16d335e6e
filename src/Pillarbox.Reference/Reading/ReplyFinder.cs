using System.Globalization;
using System.Text;
using Pillarbox.Reference.Data;

namespace Pillarbox.Reference.Reading;

/// <summary>
/// Finds the reply in a text that a person pasted: bare, in quotes, behind a host's name, a log's prefix, a library's exception.
/// One pass over spans, a bounded look back and ahead at each digit: the time is linear in the text, whatever it holds.
/// </summary>
internal static class ReplyFinder
{
    /// <summary>What is read of a text, in characters; a reply that begins later is not looked for.</summary>
    public const int MaxLength = 32 * 1024;

    private const int MaxText = 2048;

    /// <summary>Lines without a code that a reply may go on in.</summary>
    private const int MaxWrapped = 8;

    /// <summary>What Postfix puts behind a reply that it got.</summary>
    private const string Answered = "(in reply to ";

    /// <summary>How far behind the first line of a reply that may stand.</summary>
    private const int MaxBroken = 1024;

    /// <summary>What Postfix puts behind a reply that it gave.</summary>
    private const string Envelope = "; from=<";

    /// <summary>How often a reply may be quoted in another, so that no text is gone through too often.</summary>
    private const int MaxDepth = 4;

    // Exchange: "451 4.4.395 Target host responded with error. -> 421 4.3.2 ...", "... responded with: \"454 4.7.5 ...\"", "[Message=451 5.7.3 ...".
    private static readonly string[] Quotes = ["-> ", "responded with: ", "[Message="];

    /// <summary>The reply, or null where the text holds none.</summary>
    public static ReadReply? Find(ReadOnlySpan<char> text)
    {
        text = text[..Math.Min(text.Length, MaxLength)];
        Hit? best = null;
        Hit? status = null;
        for (var start = 0; start < text.Length;)
        {
            var end = LineEnd(text, start);
            var hit = LineScanner.Scan(text, start, end);
            if (hit is { Code: not null } && (best is null || Better(hit.Value, best.Value)))
                best = hit;
            else if (hit is { Code: null } && status is null)
                status = hit;
            start = end + 1;
        }

        if (best is not { } found)
            return status is { } alone ? Alone(text, alone) : null;
        return Read(text, Inner(text, found) ?? found, status);
    }

    // Whoever passes on what another said quotes it: that one's codes and words tell more. A quote may hold a further one.
    private static Hit? Inner(ReadOnlySpan<char> text, Hit outer)
    {
        if (outer.Code < 400)
            return null;
        Hit? inner = null;
        var end = LineEnd(text, outer.After);
        var start = outer.After;
        for (var depth = 0; depth < MaxDepth && QuoteIn(text[start..end]) is > 0 and var length; depth++)
        {
            start += length;
            if (LineScanner.Scan(text, start, end) is { AtStart: true, Code: { } code } hit && code / 100 == outer.Code / 100)
                inner = hit;
        }

        return inner;
    }

    // Where a quoted reply may begin, or -1.
    private static int QuoteIn(ReadOnlySpan<char> text)
    {
        var first = -1;
        foreach (var quote in Quotes)
        {
            var at = text.IndexOf(quote, StringComparison.OrdinalIgnoreCase);
            if (at >= 0 && (first < 0 || at + quote.Length < first))
                first = at + quote.Length;
        }

        return first;
    }

    // A transcript holds many replies; the one that is asked about is the one that failed, and the first such.
    private static bool Better(Hit one, Hit other) =>
        one.Code >= 400 != other.Code >= 400 ? one.Code >= 400 : one.Score > other.Score;

    private static ReadReply Alone(ReadOnlySpan<char> text, Hit hit) =>
        new(null, hit.Enhanced!.Value.ToString(), Clip(text[hit.After..LineEnd(text, hit.After)]), null);

    private static ReadReply Read(ReadOnlySpan<char> text, Hit hit, Hit? status)
    {
        var words = new StringBuilder();
        var end = LineEnd(text, hit.After);
        Append(words, text[hit.After..end]);
        var enhanced = hit.Enhanced;
        var code = hit.Code;
        int? other = null;

        // The lines of a reply follow each other; all but the last have a hyphen after the code (RFC 5321 §4.2.1).
        var goesOn = hit.GoesOn;
        while (goesOn && end + 1 < text.Length)
        {
            var start = end + 1;
            var next = LineEnd(text, start);
            if (LineScanner.Scan(text, start, next) is not { Code: { } nextCode, AtStart: true } line)
                break;
            end = next;
            if (nextCode != code)
                (code, other, enhanced) = (nextCode, code, line.Enhanced); // clients go by the last line
            enhanced ??= line.Enhanced;
            Append(words, text[line.After..end]);
            goesOn = line.GoesOn;
        }

        AppendWrapped(words, text, end + 1, goesOn, hit.AtStart ? -1 : AnsweredAt(text, end));
        enhanced ??= status is { IsOfLog: false, Enhanced: not { Subject: 0, Detail: 0 } } ? status.Value.Enhanced : null;
        return new ReadReply(code, enhanced?.ToString(), OwnWords(words.ToString(), code!.Value, enhanced?.ToString()), other);
    }

    // Those who report a reply break it anew where it is too long for them, and indent what goes on.
    private static void AppendWrapped(StringBuilder words, ReadOnlySpan<char> text, int start, bool goesOn, int answeredAt)
    {
        for (var lines = 0; lines < MaxWrapped && start < text.Length; lines++)
        {
            var end = LineEnd(text, start);
            var line = text[start..end];
            if (line.Trim().IsEmpty || !(goesOn || start <= answeredAt || line[0] is ' ' or '\t') || LineScanner.Scan(text, start, end) is { Code: not null, AtStart: true })
                return;
            Append(words, line);
            start = end + 1;
        }
    }

    // Whoever breaks a log's line without indenting it breaks it before "(in reply to RCPT TO command)", too: where that stands in one of the next lines, or -1.
    private static int AnsweredAt(ReadOnlySpan<char> text, int end)
    {
        if (text[..end].LastIndexOf('\n') is var line && text[(line + 1)..end].Contains(Answered, StringComparison.Ordinal))
            return -1;
        var rest = text[end..Math.Min(text.Length, end + MaxBroken)];
        var at = rest.IndexOf(Answered, StringComparison.Ordinal);
        return at < 0 || rest[..at].Contains("\n\n", StringComparison.Ordinal) ? -1 : end + at;
    }

    // Where a log has the lines of a reply in one, the code of each stands within; and what the log adds, whom the message was from and for, is not said.
    private static string OwnWords(string words, int code, string? enhanced)
    {
        var envelope = words.IndexOf(Envelope, StringComparison.Ordinal);
        if (envelope > 0)
            words = words[..envelope];
        var number = code.ToString(CultureInfo.InvariantCulture);
        if (enhanced is not null)
            words = words.Replace($" {number}-{enhanced} ", " ", StringComparison.Ordinal).Replace($" {number} {enhanced} ", " ", StringComparison.Ordinal);
        return words.Replace($" {number}-", " ", StringComparison.Ordinal).Replace($" {number} ", " ", StringComparison.Ordinal);
    }

    private static void Append(StringBuilder words, ReadOnlySpan<char> line)
    {
        if (words.Length > 0)
            words.Append(' ');
        words.Append(line[..Math.Min(line.Length, Math.Max(0, MaxText - words.Length))].Trim());
    }

    private static string Clip(ReadOnlySpan<char> line) => line[..Math.Min(line.Length, MaxText)].Trim().ToString();

    private static int LineEnd(ReadOnlySpan<char> text, int start)
    {
        var length = text[start..].IndexOfAny('\n', '\r');
        return length < 0 ? text.Length : start + length;
    }
}

/// <summary>Where a line has a code.</summary>
/// <param name="Code">The basic code, or null where only an enhanced code was found.</param>
/// <param name="Enhanced">The enhanced code, or null.</param>
/// <param name="Score">How surely it is one.</param>
/// <param name="After">Where the text begins.</param>
/// <param name="AtStart">Whether nothing but quotes and prompts stands before it in its line.</param>
/// <param name="GoesOn">Whether a hyphen after the code says that more lines follow.</param>
/// <param name="IsOfLog">Whether whoever logged the reply made up its enhanced code.</param>
internal readonly record struct Hit(int? Code, EnhancedCode? Enhanced, int Score, int After, bool AtStart, bool GoesOn, bool IsOfLog = false);
