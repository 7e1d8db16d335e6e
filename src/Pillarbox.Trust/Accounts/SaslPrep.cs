using System.Text;

namespace Pillarbox.Trust.Accounts;

/// <summary>
/// Prepares names and passwords for comparison (SASLprep, RFC 4013): blanks of every kind become a space, what shows nothing goes away,
/// compatible forms become one (NFKC), and what must not be in one is refused.
/// </summary>
public static class SaslPrep
{
    /// <summary>The prepared text, or <see langword="null"/> where it holds what no name or password may.</summary>
    public static string? Prepare(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Ascii.IsValid(text))
            return text.Any(char.IsControl) ? null : text;

        var mapped = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsMappedToSpace(rune))
                mapped.Append(' ');
            else if (!IsMappedToNothing(rune))
                mapped.Append(rune.ToString());
        }

        var normal = Compatibility.Compose(mapped.ToString());
        return normal.Length > 0 && !normal.EnumerateRunes().Any(IsProhibited) && HasOneDirection(normal) ? normal : null;
    }

    /// <summary>What a name is looked up by: the prepared one, or as it is where it cannot be prepared; letters keep their case.</summary>
    internal static string Key(string name) => Prepare(name) ?? name;

    /// <summary>Whether two texts name the same account: in any case, and however they are composed.</summary>
    public static bool AreSameName(string one, string other) => string.Equals(Key(one), Key(other), StringComparison.OrdinalIgnoreCase);

    // RFC 3454 table C.1.2.
    private static bool IsMappedToSpace(Rune rune) => rune.Value is 0xA0 or 0x1680 or (>= 0x2000 and <= 0x200B) or 0x202F or 0x205F or 0x3000;

    // RFC 3454 table B.1.
    private static bool IsMappedToNothing(Rune rune) =>
        rune.Value is 0xAD or 0x34F or 0x1806 or (>= 0x180B and <= 0x180D) or 0x200C or 0x200D or 0x2060 or (>= 0xFE00 and <= 0xFE0F) or 0xFEFF;

    // RFC 4013 §2.3, tables C.2 to C.9 of RFC 3454: controls, private use, what is no character, what changes how others are shown.
    private static bool IsProhibited(Rune rune) => Rune.IsControl(rune)
        || rune.Value is 0x6DD or 0x70F or 0x180E or 0x200E or 0x200F or (>= 0x2028 and <= 0x202E) or (>= 0x2061 and <= 0x2063) or (>= 0x206A and <= 0x206F)
            or 0x340 or 0x341 or (>= 0x2FF0 and <= 0x2FFB) or (>= 0xE000 and <= 0xF8FF) or (>= 0xFDD0 and <= 0xFDEF) or (>= 0xFFF9 and <= 0xFFFD)
            or (>= 0x1D173 and <= 0x1D17A) or 0xE0001 or (>= 0xE0020 and <= 0xE007F) or >= 0xF0000
        || (rune.Value & 0xFFFE) == 0xFFFE;

    // RFC 3454 §6: text that is written from the right holds nothing that is written from the left, and begins and ends as such.
    private static bool HasOneDirection(string text)
    {
        var runes = text.EnumerateRunes().ToList();
        return !runes.Exists(Compatibility.IsRightToLeft)
            || (!runes.Exists(Compatibility.IsLeftToRight) && Compatibility.IsRightToLeft(runes[0]) && Compatibility.IsRightToLeft(runes[^1]));
    }
}
