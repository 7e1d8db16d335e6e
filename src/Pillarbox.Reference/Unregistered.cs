using Pillarbox.Reference.Data;

namespace Pillarbox.Reference;

/// <summary>What can honestly be said of a well-formed code that no register has: what its digits mean, and that no more is known.</summary>
internal static class Unregistered
{
    /// <summary>Fills what the entries left out.</summary>
    public static Texts Complete(Texts texts, Layers layers, Locale locale, int? code, EnhancedCode? enhanced)
    {
        if (IsPair(layers))
            return texts;
        if (layers.CodeKnown || layers.EnhancedKnown)
        {
            // One of the two is known and speaks; of the other, what its digits tell is added.
            if (enhanced is { } other && !layers.EnhancedKnown)
                return Add(texts, locale.Label("unregistered enhanced", code, other.ToString()), SubjectOf(locale, other));
            if (code is { } number && !layers.CodeKnown)
                return Add(texts, locale.Label("unregistered code", code), DigitOf(locale, number));
            return texts;
        }

        var reply = Fallback(locale, code, enhanced);
        return texts with
        {
            Name = reply.Name,
            Meaning = reply.Meaning,
            When = texts.When ?? reply.When,
            Fix = texts.Fix ?? reply.Fix,
            Bounce = texts.Bounce ?? reply.Bounce,
        };
    }

    /// <summary>Who can act on a code that no entry speaks of: the one who met it, at the sending side.</summary>
    public static ReplyActor Actor(EnhancedCode? enhanced) =>
        enhanced?.Subject is 1 or 6 ? ReplyActor.Sender : ReplyActor.SenderAdmin;

    /// <summary>A code outside the register is its server's own; null leaves the standing to the facts.</summary>
    public static ReplyStanding? Standing(Layers layers, EnhancedCode? enhanced) =>
        enhanced is not null && !layers.EnhancedKnown && !IsPair(layers) ? ReplyStanding.Vendor : null;

    /// <summary>Where the digits are explained.</summary>
    public static IReadOnlyList<string> References(int? code) => code is null ? ["RFC 3463 §2"] : ["RFC 5321 §4.2.1"];

    private static bool IsPair(Layers layers) => layers.Keys.Count > 0 && layers.Keys[0].Contains(' ', StringComparison.Ordinal);

    private static Texts Fallback(Locale locale, int? code, EnhancedCode? enhanced)
    {
        var digit = code / 100 ?? enhanced?.Class ?? 5;
        var ofClass = locale.Find($"class {digit}");
        List<string> meaning = [];
        if (code is { } number)
            meaning.AddRange([locale.Label("unregistered code", code), DigitOf(locale, number)]);
        if (enhanced is { } other)
            meaning.AddRange([locale.Label("unregistered enhanced", code, other.ToString()), SubjectOf(locale, other)]);
        meaning.Add(ofClass?.Meaning ?? "");
        return new Texts
        {
            Name = locale.Label(
                code is null ? "unregistered name.enhanced" : enhanced is null ? "unregistered name.code" : "unregistered name.both",
                code, enhanced?.ToString()),
            Meaning = string.Join(' ', meaning),
            When = ofClass?.When,
            Fix = ofClass?.Fix,
            Bounce = ofClass?.Bounce,
        };
    }

    private static Texts Add(Texts texts, params ReadOnlySpan<string> sentences) =>
        texts with { Meaning = $"{texts.Meaning} {string.Join(' ', sentences)}" };

    private static string DigitOf(Locale locale, int code) =>
        Locale.FillCodes(locale.Find($"digit {code / 10 % 10}")?.Name ?? locale.Find("digit other")?.Name ?? "", code, null);

    private static string SubjectOf(Locale locale, EnhancedCode enhanced) =>
        Locale.FillCodes(
            locale.Find($"subject {enhanced.Subject}")?.Name ?? locale.Find("subject other")?.Name ?? "", null, enhanced.ToString());
}
