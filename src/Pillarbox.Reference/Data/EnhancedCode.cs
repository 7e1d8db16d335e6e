using System.Globalization;

namespace Pillarbox.Reference.Data;

/// <summary>An enhanced status code, <c>class.subject.detail</c> (RFC 3463 §2), or a vendor's range of such, <c>4.7.500-699</c>.</summary>
/// <param name="Class">2, 4 or 5.</param>
/// <param name="Subject">0 to 999; the standard has 0 to 7.</param>
/// <param name="Detail">0 to 999; of a range the first.</param>
/// <param name="Last">The last detail of a range; null for a single code.</param>
internal readonly record struct EnhancedCode(int Class, int Subject, int Detail, int? Last = null)
{
    /// <summary>Reads a code or a range that is the whole of <paramref name="text"/>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out EnhancedCode code)
    {
        if (TryParse(text, out code, out var length) && length == text.Length)
            return true;
        var at = length + 1;
        if (length == 0 || text[length] != '-' || !TryNumber(text, ref at, out var last) || at != text.Length || last <= code.Detail)
            return false;
        code = code with { Last = last };
        return true;
    }

    /// <summary>Reads a code at the start of <paramref name="text"/>, unless more of a number or a word goes on behind it.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out EnhancedCode code, out int length)
    {
        code = default;
        length = 0;
        if (text.Length < 5 || text[0] is not ('2' or '4' or '5') || text[1] != '.')
            return false;
        var at = 2;
        if (!TryNumber(text, ref at, out var subject) || at >= text.Length || text[at++] != '.' || !TryNumber(text, ref at, out var detail))
            return false;
        if (at < text.Length && (char.IsLetterOrDigit(text[at]) || (text[at] == '.' && at + 1 < text.Length && char.IsAsciiDigit(text[at + 1]))))
            return false;
        code = new EnhancedCode(text[0] - '0', subject, detail);
        length = at;
        return true;
    }

    /// <summary>The code without its class, as the register has it: <c>X.7.8</c>.</summary>
    public string AnyClass => string.Create(CultureInfo.InvariantCulture, $"X.{Subject}.{Detail}");

    /// <summary>Whether a range holds all of a code or range.</summary>
    public bool Holds(EnhancedCode other) =>
        Last is { } last && Class == other.Class && Subject == other.Subject && Detail <= other.Detail && (other.Last ?? other.Detail) <= last;

    /// <inheritdoc/>
    public override string ToString() =>
        Last is { } last
            ? string.Create(CultureInfo.InvariantCulture, $"{Class}.{Subject}.{Detail}-{last}")
            : string.Create(CultureInfo.InvariantCulture, $"{Class}.{Subject}.{Detail}");

    // RFC 3463 §2: one to three digits, no leading zeros; the zeros are let pass, since nothing else can be meant.
    private static bool TryNumber(ReadOnlySpan<char> text, ref int at, out int value)
    {
        value = 0;
        var start = at;
        while (at < text.Length && at - start < 3 && char.IsAsciiDigit(text[at]))
            value = (value * 10) + (text[at++] - '0');
        return at > start;
    }
}
