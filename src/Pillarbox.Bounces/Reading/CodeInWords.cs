using Pillarbox.Reference;

namespace Pillarbox.Bounces.Reading;

/// <summary>
/// A reply's code within words that are known to tell of one delivery: there it needs less to be told from other numbers than in any
/// text. "[192.0.2.5], 550 ann... No such user", "Fehlercode 550", "ERROR_CODE :5.1.1".
/// </summary>
internal static class CodeInWords
{
    private const int MaxLength = 4000;

    private static readonly int[] Basic = [421, 422, 431, 432, 450, 451, 452, 454, 455, 471, 500, 501, 502, 503, 504, 510, 511, 512, 513, 515, 517, 520, 521, 523, 530, 534, 535, 540, 541, 542, 546, 550, 551, 552, 553, 554, 555, 556, 557, 571];

    /// <summary>The first code of a reply that did not take a message, or null.</summary>
    public static int? Find(string words)
    {
        var text = words.AsSpan(0, Math.Min(words.Length, MaxLength));
        for (var at = 0; at + 3 <= text.Length; at++)
        {
            if (text[at] is not ('4' or '5') || !char.IsAsciiDigit(text[at + 1]) || !char.IsAsciiDigit(text[at + 2]))
                continue;
            var code = ((text[at] - '0') * 100) + ((text[at + 1] - '0') * 10) + text[at + 2] - '0';
            if (Array.IndexOf(Basic, code) >= 0 && StandsAlone(text, at, at + 3) && !IsCounted(text[(at + 3)..]))
                return code;
        }

        return null;
    }

    /// <summary>The first enhanced code of the class of a basic one, or null.</summary>
    public static string? FindEnhanced(string words, int code)
    {
        var text = words.AsSpan(0, Math.Min(words.Length, MaxLength));
        var first = (char)('0' + (code / 100));
        for (var at = 0; at + 5 <= text.Length; at++)
        {
            if (text[at] != first || text[at + 1] != '.')
                continue;
            var end = at + 1;
            while (end < text.Length && end - at < 9 && (char.IsAsciiDigit(text[end]) || text[end] == '.'))
                end++;
            var found = text[at..end].TrimEnd('.').ToString();
            if (StandsAlone(text, at, end) && found.Count(c => c == '.') == 2 && ReplyReference.Knows(found))
                return found;
        }

        return null;
    }

    private static bool StandsAlone(ReadOnlySpan<char> text, int start, int end) =>
        (start == 0 || !(char.IsAsciiLetterOrDigit(text[start - 1]) || text[start - 1] is '.' or '-' or '/' or '+' or '@' or '_' or '$'))
        && (end == text.Length || text[end] is ' ' or '\n' or '\r' or '\t' or '-' or ')' or ']' or ';' or ',' or ':' or '>' or '"' or '\'' || (text[end] == '.' && (end + 1 == text.Length || !char.IsAsciiDigit(text[end + 1]))));

    // "552 bytes", "500 KB", "450 messages": a number of something.
    private static bool IsCounted(ReadOnlySpan<char> rest)
    {
        rest = rest.TrimStart(' ');
        foreach (var unit in (ReadOnlySpan<string>)["byte", "octet", "kb", "mb", "gb", "ms", "sec", "min", "hour", "day", "message", "mails", "recipient", "time", "line"])
        {
            if (rest.StartsWith(unit, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
