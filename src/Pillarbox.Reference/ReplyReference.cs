using System.Globalization;
using Pillarbox.Reference.Data;

namespace Pillarbox.Reference;

/// <summary>
/// What SMTP's replies mean. The data lies in the assembly and is read entry by entry as asked for; all members are safe to call
/// from any thread, and answer in microseconds.
/// </summary>
public static class ReplyReference
{
    /// <summary>The languages there are, as BCP 47 tags.</summary>
    public static IReadOnlyList<string> Languages => Locale.Tags;

    /// <summary>Explains a basic code, an enhanced code, or the two as they came together.</summary>
    /// <param name="code">200 to 599, or null for an enhanced code alone.</param>
    /// <param name="enhanced">Such as <c>5.7.8</c>, or null.</param>
    /// <param name="context">What else is known, the language among it.</param>
    /// <returns>
    /// The explanation. A well-formed code that is in no register is explained by its digits, and called unregistered.
    /// Null where neither code is given, or one is not well-formed.
    /// </returns>
    public static Explanation? Explain(int? code, string? enhanced = null, ReplyContext? context = null)
    {
        if (code is < 200 or > 599)
            return null;
        EnhancedCode? parsed = null;
        if (!string.IsNullOrEmpty(enhanced))
        {
            if (!EnhancedCode.TryParse(enhanced, out var read))
                return null;
            parsed = read;
        }

        return code is null && parsed is null ? null : Composer.Compose(code, parsed, context ?? ReplyContext.Default);
    }

    /// <summary>Whether a code such as <c>535</c> or <c>5.7.8</c> is in the reference by itself, and not explained by its digits only.</summary>
    public static bool Knows(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        return Layers.Knows(code);
    }

    /// <summary>Every basic code, then every enhanced code in each class it is registered for, explained.</summary>
    public static IReadOnlyList<Explanation> List(string language = "en")
    {
        var context = new ReplyContext(Language: language);
        var basic = new SortedSet<int>();
        var enhanced = new SortedSet<(int Subject, int Detail, int Class)>();
        foreach (var key in Layers.AllKeys)
        {
            if (int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var code))
                basic.Add(code);
            else if (EnhancedCode.TryParse(key, out var one))
                enhanced.Add((one.Subject, one.Detail, one.Class));
            else if (key.StartsWith("X.", StringComparison.Ordinal) && EnhancedCode.TryParse($"5{key.AsSpan(1)}", out var any))
                enhanced.UnionWith((Layers.FactsOf(key)?.Classes ?? "").Select(digit => (any.Subject, any.Detail, digit - '0')));
        }

        return
        [
            .. basic.Select(code => Composer.Compose(code, null, context)),
            .. enhanced.Select(one => Composer.Compose(null, new EnhancedCode(one.Class, one.Subject, one.Detail), context)),
        ];
    }

    /// <summary>One line for a log: <c>535 5.7.8 wrong user name or password (afterFix, sender)</c>. ASCII, English, no line end.</summary>
    public static string Short(int code, string? enhanced = null) =>
        Explain(code, enhanced) is { } explanation
            ? $"{explanation.Label} {explanation.Name} ({explanation.Retry.ToName()}, {explanation.Actor.ToName()})"
            : $"{code} {enhanced}".TrimEnd();

    /// <summary>
    /// The lines that answer <c>HELP CODE</c> in a session, without code: English, printable ASCII, at most 72 characters each.
    /// </summary>
    /// <returns>Empty where <see cref="Explain"/> gives null.</returns>
    public static IReadOnlyList<string> HelpLines(int? code, string? enhanced = null) =>
        Explain(code, enhanced) is { } explanation ? RenderedText.AsciiLines(explanation, 72) : [];

    /// <summary>An explanation as text for people, in its own language, broken at about <paramref name="width"/> characters.</summary>
    public static IReadOnlyList<string> TextLines(Explanation explanation, int width = 78)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        return RenderedText.Lines(explanation, width);
    }

    /// <summary>
    /// Two to four sentences for the sender of a message that bounced: what happened, who can mend it, what to do.
    /// </summary>
    /// <param name="code">The remote server's code; null where no server spoke, and <paramref name="enhanced"/> says what was found (5.4.4, 4.4.7).</param>
    /// <param name="enhanced">Its enhanced code, or null; one that is malformed counts as none.</param>
    /// <param name="text">Its text, for an enhanced code that stands in it and for contradictions; may be empty.</param>
    /// <param name="language">The language, as a BCP 47 tag.</param>
    public static string PlainWords(int? code, string? enhanced, string text = "", string language = "en") =>
        PlainText.Words(code, enhanced, text, new ReplyContext(Language: language));

    /// <summary>For the sender of a message that is delayed and still being tried: what the remote server means, without a call to act.</summary>
    /// <param name="code">As for <see cref="PlainWords"/>.</param>
    /// <param name="enhanced">As for <see cref="PlainWords"/>.</param>
    /// <param name="text">As for <see cref="PlainWords"/>.</param>
    /// <param name="language">The language, as a BCP 47 tag.</param>
    public static string DelayWords(int? code, string? enhanced, string text = "", string language = "en") =>
        PlainText.DelayWords(code, enhanced, text, new ReplyContext(Language: language));
}
