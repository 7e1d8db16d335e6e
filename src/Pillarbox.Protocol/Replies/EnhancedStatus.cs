using System.Globalization;

namespace Pillarbox.Protocol.Replies;

/// <summary>
/// An enhanced mail system status code, <c>class.subject.detail</c> (RFC 3463 §2): class 2, 4 or 5; subject and detail 0 to 999.
/// The default value, class 0, stands for none.
/// </summary>
public readonly record struct EnhancedStatus(byte Class, short Subject, short Detail)
{
    /// <summary>No enhanced status: the greeting, EHLO's and HELO's replies, 334 and 354 have none (RFC 2034 §4).</summary>
    public static readonly EnhancedStatus None;

    /// <summary>Whether there is no status.</summary>
    public bool IsNone => Class == 0;

    /// <summary>
    /// Reads a status at the very start of <paramref name="text"/>; what follows must be the end, a space, or a character that no status has.
    /// </summary>
    /// <param name="text">Text such as <c>5.7.1 Relaying denied</c>.</param>
    /// <param name="status">The status read.</param>
    /// <param name="length">How many characters it took.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out EnhancedStatus status, out int length)
    {
        status = default;
        length = 0;
        if (text.Length < 5 || text[0] is not ('2' or '4' or '5') || text[1] != '.')
            return false;

        var at = 2;
        if (!TryNumber(text, ref at, out var subject) || at >= text.Length || text[at] != '.')
            return false;
        at++;
        if (!TryNumber(text, ref at, out var detail))
            return false;
        if (at < text.Length && (text[at] == '.' || char.IsAsciiLetterOrDigit(text[at])))
            return false;

        status = new EnhancedStatus((byte)(text[0] - '0'), subject, detail);
        length = at;
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        IsNone ? "" : string.Create(CultureInfo.InvariantCulture, $"{Class}.{Subject}.{Detail}");

    private static bool TryNumber(ReadOnlySpan<char> text, ref int at, out short value)
    {
        value = 0;
        var start = at;
        while (at < text.Length && at - start < 3 && char.IsAsciiDigit(text[at]))
            value = (short)(value * 10 + (text[at++] - '0'));
        return at > start;
    }
}
