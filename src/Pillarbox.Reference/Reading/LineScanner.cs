using System.Globalization;
using Pillarbox.Reference.Data;

namespace Pillarbox.Reference.Reading;

/// <summary>Looks for a reply's code in one line, and weighs what stands around each number that could be one.</summary>
internal static class LineScanner
{
    private const int AtStartScore = 100;
    private const int WithEnhancedScore = 80;
    private const int IntroducedScore = 60;
    private const int StatusScore = 50;
    private const int MaxMark = 24;

    /// <summary>RFC 3463 §3 has the subjects 0 to 7; a higher one away from a basic code is some other number.</summary>
    private const int MaxSubject = 7;

    private static readonly string[] Units =
    [
        "bytes", "byte", "octets", "ms", "msec", "s", "sec", "secs", "seconds", "minutes", "hours", "days", "years", "kb", "mb", "gb", "kib",
        "mib", "messages", "mails", "emails", "times", "items", "lines", "pages", "people", "apples", "dollars", "usd", "eur", "euros", "percent",
    ];

    /// <summary>The best hit between two places of a text, or null.</summary>
    public static Hit? Scan(ReadOnlySpan<char> text, int start, int end)
    {
        Hit? best = null;
        EnhancedCode? status = null;
        var statusAfter = 0;
        var isOwn = false;
        var line = text[start..end];
        for (var at = 0; at < line.Length; at++)
        {
            if (line[at] is < '2' or > '5' || IsGlued(line[..at]))
                continue;
            if (CodeAt(line, at) is { } hit && (best is null || IsBetter(hit, best.Value)))
            {
                best = hit;
                if (hit.AtStart)
                    break;
            }
            else if (status is null && EnhancedCode.TryParse(line[at..], out var enhanced, out var length) && enhanced.Subject <= MaxSubject
                && (Leads.ToStatus(line[..at]) || IsField(line, at, length)))
            {
                isOwn = IsOfLog(line, at, length, enhanced);
                status = enhanced;
                statusAfter = at + length;
            }
        }

        if (best is { } found)
            return found with { After = start + found.After, Enhanced = found.Enhanced ?? (isOwn ? null : status) ?? StatusBehind(line[found.After..], found.Code!.Value / 100) };
        return status is null ? null : new Hit(null, status, StatusScore, start + statusAfter, false, false, isOwn);
    }

    // Where a reply has none, those who log it make one up: Postfix "dsn=5.0.0", AsyncOS "5.3.0 - Other mail system problem 550-'...".
    private static bool IsOfLog(ReadOnlySpan<char> line, int at, int length, EnhancedCode enhanced) =>
        (enhanced is { Subject: 0, Detail: 0 } && line[..at].EndsWith("dsn=", StringComparison.OrdinalIgnoreCase))
        || line[(at + length)..].StartsWith(" - ", StringComparison.Ordinal);

    // PowerMTA's files: "...,192.0.2.1,,5.1.2 (bad destination system: no such domain),".
    private static bool IsField(ReadOnlySpan<char> line, int at, int length) =>
        at > 0 && line[at - 1] == ',' && line[(at + length)..].StartsWith(" (", StringComparison.Ordinal);

    // A number that goes on to the left is another number, a version, a date, a path, a place in a page: 1550, 3.250, 2026-250, x/250, page#550. Behind an empty field
    // of a table, or a word of a script without blanks, one begins.
    private static bool IsGlued(ReadOnlySpan<char> before) =>
        !before.IsEmpty && (before[^1] == ',' ? before is not [.., ',', ','] : before[^1] < Leads.Unspaced && (char.IsLetterOrDigit(before[^1]) || before[^1] is '.' or '-' or '/' or '+' or '$' or '@' || before is [.., > ' ' and not ('(' or '[' or '<' or ':'), '#']));

    // "Expected response code 250 but got code 550": the one that was not wanted.
    private static bool IsBetter(Hit one, Hit other) =>
        (one.Code >= 400 && other.Code < 400) || (one.Score > other.Score && (one.Code >= 400 || other.Code < 400));

    private static Hit? CodeAt(ReadOnlySpan<char> line, int at)
    {
        if (line.Length - at < 3 || !char.IsAsciiDigit(line[at + 1]) || !char.IsAsciiDigit(line[at + 2]))
            return null;
        var after = at + 3;
        var rest = line[after..];
        var code = ((line[at] - '0') * 100) + ((line[at + 1] - '0') * 10) + (line[at + 2] - '0');
        var goesOn = rest.Length > 0 && rest[0] == '-';
        var enhanced = EnhancedBehind(rest, out var skipped);
        var atStart = Leads.IsPrompt(line[..at]);
        if (enhanced is null && BehindMark(rest) is { } marked)
            return new Hit(code, marked, atStart ? AtStartScore : WithEnhancedScore, after + 1, atStart, goesOn);
        if (enhanced is not null)
            return new Hit(code, enhanced, atStart ? AtStartScore : WithEnhancedScore, after + skipped, atStart, goesOn);
        if (!EndsHere(rest, atStart))
            return null;

        // "status 255" is a program's: of the successes, only registered codes are taken to be a server's in the midst of a line.
        var score = atStart ? AtStartScore : (Leads.ToCode(line[..at]) || IsQuoted(rest)) && (code >= 400 || CodeFiles.Has(Name(code))) ? IntroducedScore : 0;
        var text = after + (rest.Length > 0 && rest[0] is '-' or ' ' or ':' or ',' or ';' ? 1 : 0);
        return score == 0 || IsUnit(line[Math.Min(text, line.Length)..]) ? null : new Hit(code, null, score, text, atStart, goesOn);
    }

    // AsyncOS: "5.3.0 - Other mail system problem 550-'No such user' (delivery attempts: 0)".
    private static bool IsQuoted(ReadOnlySpan<char> rest) => rest.Length > 1 && rest[0] == '-' && rest[1] is '\'' or '"';

    private static EnhancedCode? EnhancedBehind(ReadOnlySpan<char> rest, out int skipped)
    {
        // "550 5.1.1", "550-5.1.1", "550 #5.1.1", "550_5.1.1", "(535, b'5.7.8": at most four characters between, one at least.
        for (skipped = 0; skipped < Math.Min(5, rest.Length); skipped++)
        {
            var c = rest[skipped];
            if (skipped > 0 && EnhancedCode.TryParse(rest[skipped..], out var enhanced, out var length))
            {
                skipped += length;
                return enhanced;
            }

            if (c == '.' && skipped == 0 && rest.Length > 1 && rest[1] is '4' or '5')
                continue; // "550.5.7.1"; no IP address has such a number
            if (c is not (' ' or '\t' or '-' or '_' or '#' or '/' or '(' or '[' or ',' or ':' or ';' or '<' or '\'' or '"' or 'b') || (c == 'b' && skipped == 0))
                return null;
        }

        return null;
    }

    private static string Name(int code) => code.ToString(CultureInfo.InvariantCulture);

    // "450 cuda_nsu 4.7.1": one word with an underscore may stand between, a filter's own mark.
    private static EnhancedCode? BehindMark(ReadOnlySpan<char> rest)
    {
        if (rest.IsEmpty || rest[0] != ' ')
            return null;
        var end = 1;
        var isMark = false;
        for (; end < Math.Min(rest.Length, MaxMark) && (char.IsAsciiLetterOrDigit(rest[end]) || rest[end] == '_'); end++)
            isMark |= rest[end] == '_';
        return isMark && end < rest.Length && rest[end] == ' ' && EnhancedCode.TryParse(rest[(end + 1)..], out var enhanced, out _) ? enhanced : null;
    }

    private static bool EndsHere(ReadOnlySpan<char> rest, bool atStart)
    {
        if (rest.IsEmpty)
            return true;
        var next = rest.Length > 1 ? rest[1] : ' ';
        return rest[0] switch
        {
            ' ' or '\t' or '_' or '"' or '\'' or ')' or ']' or '}' or '>' or ';' or '`' or '|' or '!' or '?' or '\u201d' or '\u2019' or '\u00bb' => true,
            '-' => atStart || !char.IsAsciiDigit(next),
            '.' or ':' or ',' => !char.IsAsciiDigit(next),
            _ => false,
        };
    }

    private static EnhancedCode? StatusBehind(ReadOnlySpan<char> rest, int digit)
    {
        // qmail and old Exchange put it at the end: "550 sorry, no mailbox here by that name (#5.1.1)".
        // One that asked another quotes it: "550 550 5.1.1 user unknown"; some say it after the address: "550 <ann@example.org>: 5.1.1 unknown".
        for (var at = 1; at < rest.Length; at++)
        {
            if (rest[at] is not ('2' or '4' or '5') || !EnhancedCode.TryParse(rest[at..], out var enhanced, out var length) || enhanced.Subject > MaxSubject)
                continue;
            if (rest[at - 1] is '#' or '(' or '[' || IsCode(rest[..(at - 1)], rest[at], rest[at - 1]))
                return enhanced;
            if (enhanced.Class == digit && rest[at - 1] == ' ' && (rest[..(at - 1)].TrimEnd(' ') is [.., ':' or '-' or '>'] || rest[(at + length)..].TrimStart(" .)\"'").IsEmpty))
                return enhanced;
        }

        return null;
    }

    private static bool IsCode(ReadOnlySpan<char> before, char digit, char separator) =>
        separator is ' ' or '-' && before.Length >= 3 && before[^3] == digit && char.IsAsciiDigit(before[^2]) && char.IsAsciiDigit(before[^1])
        && (before.Length == 3 || before[^4] == '-' || !IsGlued(before[..^3]));

    private static bool IsUnit(ReadOnlySpan<char> text)
    {
        text = text.TrimStart(' ');
        var length = 0;
        while (length < text.Length && length < 12 && char.IsAsciiLetter(text[length]))
            length++;
        foreach (var unit in Units)
        {
            if ((length == text.Length || text[length] != '-') && text[..length].Equals(unit, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
