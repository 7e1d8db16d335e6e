using System.Globalization;
using Pillarbox.Reference.Classifying;
using Pillarbox.Reference.Comparing;
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
    /// <param name="code">200 to 599, or one of the lists' 1yz that the reference knows; null for an enhanced code alone.</param>
    /// <param name="enhanced">Such as <c>5.7.8</c>, or a vendor's range that the reference knows, or null.</param>
    /// <param name="context">What else is known, the language among it.</param>
    /// <returns>
    /// The explanation. A well-formed code that is in no register is explained by its digits, and called unregistered.
    /// Null where neither code is given, or one is not well-formed.
    /// </returns>
    public static Explanation? Explain(int? code, string? enhanced = null, ReplyContext? context = null)
    {
        if (code is < 100 or > 599 || (code is < 200 && !CodeFiles.Has(code.Value.ToString(CultureInfo.InvariantCulture))))
            return null;
        EnhancedCode? parsed = null;
        if (!string.IsNullOrEmpty(enhanced))
        {
            if (code < 200)
                return null; // no server says it, so nothing stands behind it

            if (!EnhancedCode.TryParse(enhanced, out var read) || (read.Last is not null && !CodeFiles.Has(enhanced)))
                return null;
            parsed = read;
        }

        return code is null && parsed is null ? null : Composer.Compose(code, parsed, context ?? ReplyContext.Default);
    }

    /// <summary>Explains a code as people write it: <c>535</c>, <c>5.7.8</c>, <c>535 5.7.8</c>, or <c>X.7.8</c>, as the register does.</summary>
    /// <returns>Null where it is no code; text around a code is for <see cref="Explainer.ExplainText"/>.</returns>
    public static Explanation? Find(string code, ReplyContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(code);
        var parts = code.Length > 24 ? [] : code.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return parts switch
        {
            [var basic] when IsBasic(basic) => Explain(Number(basic), null, context),
            [var any] when any[0] is 'X' or 'x' => Explain(null, OfAnyClass(any), context),
            [var enhanced] => Explain(null, enhanced, context),
            [var basic, ['X' or 'x', .. var rest]] when IsBasic(basic) => Explain(Number(basic), $"{basic[0]}{rest}", context),
            [var basic, var enhanced] when IsBasic(basic) => Explain(Number(basic), enhanced, context),
            _ => null,
        };
    }

    /// <summary>Compares two replies, explained in the same language.</summary>
    /// <exception cref="ArgumentException">Both are the same.</exception>
    public static Comparison Compare(Explanation one, Explanation other)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        if (one.Label == other.Label)
            throw new ArgumentException($"both are {one.Label}", nameof(other));
        return Comparer.Compare(one, other);
    }

    /// <summary>The pairs of codes that have a comparison written for them, the smaller code first.</summary>
    public static IReadOnlyList<(string Left, string Right)> WrittenComparisons { get; } =
    [
        .. Locale.English.Keys.Where(key => key.StartsWith("compare ", StringComparison.Ordinal) && char.IsAsciiDigit(key["compare ".Length]))
            .Select(key => key.Split(' ')).Select(parts => (parts[1], parts[2])),
    ];

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
        var enhanced = new SortedSet<(int Subject, int Detail, int Class, int Last)>();
        foreach (var key in CodeFiles.AllKeys)
        {
            if (int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var code))
                basic.Add(code);
            else if (EnhancedCode.TryParse(key, out var one))
                enhanced.Add((one.Subject, one.Detail, one.Class, one.Last ?? 0));
            else if (key.StartsWith("X.", StringComparison.Ordinal) && EnhancedCode.TryParse($"5{key.AsSpan(1)}", out var any))
                enhanced.UnionWith((CodeFiles.Find(key)?.Classes ?? "").Select(digit => (any.Subject, any.Detail, digit - '0', 0)));
        }

        return
        [
            .. basic.Select(code => Composer.Compose(code, null, context)),
            .. enhanced.Select(one => Composer.Compose(null, new EnhancedCode(one.Class, one.Subject, one.Detail, one.Last == 0 ? null : one.Last), context)),
        ];
    }

    /// <summary>Every reason, explained by itself: without a code, its class after what to do about it; its text to send has the places still open. That none is stated comes last.</summary>
    public static IReadOnlyList<Explanation> Reasons(string language = "en") =>
        [.. Enum.GetValues<ReplyReason>().OrderBy(reason => reason == ReplyReason.Undefined).Select(reason => Refiner.FromReason(reason, Locale.For(language)))];

    /// <summary>A reason by its name as JSON has it, such as <c>mailboxFull</c>, explained by itself; null where there is none of that name.</summary>
    public static Explanation? FindReason(string name, string language = "en") =>
        VocabularyNames.TryParseReason(name) is { } reason ? Refiner.FromReason(reason, Locale.For(language)) : null;

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
        Explain(code, enhanced) is { } explanation ? HelpLines(explanation) : [];

    /// <summary>The same for an explanation in English.</summary>
    public static IReadOnlyList<string> HelpLines(Explanation explanation)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        return RenderedText.AsciiLines(explanation, 72);
    }

    /// <summary>A text to send to whoever must act on a reply, its places filled with what is known.</summary>
    /// <param name="explanation">A reply that came as text.</param>
    /// <param name="recipient">Whom the message was for, or null.</param>
    /// <param name="width">Where lines are broken, in cells.</param>
    /// <returns>Empty where nobody has to act, or only codes were asked for.</returns>
    public static IReadOnlyList<string> LetterLines(Explanation explanation, string? recipient = null, int width = 78)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        return RenderedText.Letter(explanation, recipient, width);
    }

    /// <summary>A comparison as text for people, in its own language, broken at about <paramref name="width"/> cells.</summary>
    public static IReadOnlyList<string> TextLines(Comparison comparison, int width = 78)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        return RenderedText.Lines(comparison, width);
    }

    /// <summary>An explanation as text for people, in its own language, broken at about <paramref name="width"/> cells.</summary>
    public static IReadOnlyList<string> TextLines(Explanation explanation, int width = 78)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        return RenderedText.Lines(explanation, width);
    }

    /// <summary>The example sessions of an explanation under a heading in its language, an empty line between; empty where there are none.</summary>
    public static IReadOnlyList<string> ExampleLines(Explanation explanation)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        return RenderedText.Examples(explanation);
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

    private static bool IsBasic(string word) => word.Length == 3 && word.All(char.IsAsciiDigit);

    private static int Number(string word) => int.Parse(word, CultureInfo.InvariantCulture);

    // X.7.8 is read as a failure for good where the reference has it as one, else as one for now, else as success.
    private static string OfAnyClass(string any)
    {
        var code = any[1..];
        var classes = CodeFiles.Find($"X{code}")?.Classes ?? "";
        foreach (var digit in "542")
        {
            if (classes.Contains(digit, StringComparison.Ordinal) || CodeFiles.Has($"{digit}{code}"))
                return $"{digit}{code}";
        }

        return $"5{code}";
    }
}
