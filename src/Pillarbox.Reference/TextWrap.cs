using System.Globalization;
using System.Text;

namespace Pillarbox.Reference;

/// <summary>Breaks text into lines for terminals and for the text of messages.</summary>
public static class TextWrap
{
    /// <summary>The lines of a text, broken at blanks, and between the characters of scripts that have none (Chinese, Japanese).</summary>
    /// <param name="text">One paragraph.</param>
    /// <param name="width">Cells of a line; a word that is longer stays whole.</param>
    /// <param name="indent">What each line but the first begins with.</param>
    public static List<string> Lines(string text, int width, string indent = "")
    {
        ArgumentNullException.ThrowIfNull(text);
        List<string> lines = [];
        var line = new StringBuilder();
        var used = 0;
        int Start() => lines.Count == 0 ? 0 : indent.Length;
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var blank = used > Start() ? 1 : 0;
            foreach (var piece in Pieces(word))
            {
                var cells = Cells(piece);
                if (used > Start() && used + blank + cells > width)
                {
                    lines.Add(line.ToString());
                    line.Clear().Append(indent);
                    used = indent.Length;
                    blank = 0;
                }

                line.Append(' ', blank).Append(piece);
                used += blank + cells;
                blank = 0;
            }
        }

        if (line.Length > 0)
            lines.Add(line.ToString());
        return lines;
    }

    /// <summary>The cells that a text takes: none for marks above and below a letter, as Thai vowels and tones are, two for wide characters.</summary>
    public static int Cells(ReadOnlySpan<char> text)
    {
        var cells = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format))
                cells += IsWide(rune) ? 2 : 1;
        }

        return cells;
    }

    // A wide character is a piece of its own; what is not wide stays together.
    private static List<string> Pieces(string word)
    {
        List<string> pieces = [];
        var start = 0;
        var at = 0;
        foreach (var rune in word.EnumerateRunes())
        {
            if (IsWide(rune) && at > start)
            {
                pieces.Add(word[start..at]);
                start = at;
            }

            at += rune.Utf16SequenceLength;
            if (IsWide(rune))
            {
                pieces.Add(word[start..at]);
                start = at;
            }
        }

        if (start < word.Length)
            pieces.Add(word[start..]);
        return pieces;
    }

    // Unicode's East Asian Width W and F, by the blocks that texts have.
    private static bool IsWide(Rune rune) =>
        rune.Value is (>= 0x1100 and <= 0x115f) or (>= 0x2e80 and <= 0xa4cf) or (>= 0xac00 and <= 0xd7a3) or (>= 0xf900 and <= 0xfaff)
            or (>= 0xfe30 and <= 0xfe6f) or (>= 0xff00 and <= 0xff60) or (>= 0xffe0 and <= 0xffe6) or (>= 0x1f300 and <= 0x1faff) or (>= 0x20000 and <= 0x3fffd);
}
