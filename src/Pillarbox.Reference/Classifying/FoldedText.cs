using System.Buffers;

namespace Pillarbox.Reference.Classifying;

/// <summary>
/// A text as wordings are looked for in it: small letters, one blank where blanks or line breaks were, and without the code that each
/// further line of a reply repeats (RFC 5321 §4.2.1). Made in one pass, whatever the text holds.
/// </summary>
internal static class FoldedText
{
    /// <summary>What is read of a text, in characters.</summary>
    public const int MaxLength = 32 * 1024;

    /// <summary>Folds the first <see cref="MaxLength"/> characters.</summary>
    public static string Fold(ReadOnlySpan<char> text)
    {
        text = text[..Math.Min(text.Length, MaxLength)];
        var rented = ArrayPool<char>.Shared.Rent(text.Length + 1);
        try
        {
            var length = Fold(text, rented);
            return new string(rented, 0, length);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(rented);
        }
    }

    private static int Fold(ReadOnlySpan<char> text, Span<char> folded)
    {
        var length = 0;
        for (var at = 0; at < text.Length; at++)
        {
            var c = text[at];
            if (c is '\n' or '\r')
                at += RepeatedCode(text[(at + 1)..]);
            if (c is '\n' or '\r' or '\t' or ' ' or '\u00a0' or '\u3000')
            {
                if (length > 0 && folded[length - 1] != ' ')
                    folded[length++] = ' ';
                continue;
            }

            folded[length++] = c switch
            {
                '\u2019' or '\u2018' => '\'',
                '\u201c' or '\u201d' => '"',
                _ => char.ToLowerInvariant(c),
            };
        }

        return length > 0 && folded[length - 1] == ' ' ? length - 1 : length;
    }

    // "550-5.7.26 " or "550 " at the start of a line: the length of it, with blanks ahead.
    private static int RepeatedCode(ReadOnlySpan<char> line)
    {
        var start = 0;
        while (start < line.Length && start < 8 && line[start] is ' ' or '\t')
            start++;
        var rest = line[start..];
        if (rest.Length < 4 || rest[0] is < '2' or > '5' || !char.IsAsciiDigit(rest[1]) || !char.IsAsciiDigit(rest[2]) || rest[3] is not ('-' or ' '))
            return 0;
        var at = 4;
        if (Data.EnhancedCode.TryParse(rest[at..], out _, out var length))
            at += length;
        return start + at;
    }
}
