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
        return Read(text, found, status);
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
        for (var goesOn = hit.GoesOn; goesOn && end + 1 < text.Length;)
        {
            var start = end + 1;
            end = LineEnd(text, start);
            if (LineScanner.Scan(text, start, end) is not { Code: { } nextCode } next || !next.AtStart)
                break;
            if (nextCode != code)
                (code, other, enhanced) = (nextCode, code, next.Enhanced); // clients go by the last line
            enhanced ??= next.Enhanced;
            Append(words, text[next.After..end]);
            goesOn = next.GoesOn;
        }

        enhanced ??= status?.Enhanced;
        return new ReadReply(code, enhanced?.ToString(), words.ToString(), other);
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
internal readonly record struct Hit(int? Code, EnhancedCode? Enhanced, int Score, int After, bool AtStart, bool GoesOn);
