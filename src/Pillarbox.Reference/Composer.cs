using Pillarbox.Reference.Data;

namespace Pillarbox.Reference;

/// <summary>Puts an explanation together from the entries that speak for a reply.</summary>
internal static class Composer
{
    public static Explanation Compose(int? code, EnhancedCode? enhanced, ReplyContext context)
    {
        var locale = Locale.For(context.Language);
        var layers = Layers.Of(code, enhanced, CommandName(context.Command));
        var replyClass = ClassOf(code, enhanced, layers);
        var facts = Merge(layers, replyClass);
        var texts = Merge(layers, locale, code, enhanced);
        var actor = replyClass is ReplyClass.PositiveCompletion or ReplyClass.PositiveIntermediate
            ? ReplyActor.Nobody
            : facts.Actor ?? Unregistered.Actor(enhanced);
        var label = Explanation.LabelOf(code, enhanced?.ToString());
        var advice = AdviceOf(texts, actor);

        return new Explanation
        {
            Code = code,
            Enhanced = enhanced?.ToString(),
            Name = texts.Name ?? "",
            Class = replyClass,
            Meaning = texts.Meaning ?? "",
            When = texts.When ?? "",
            Fix = Joined(advice, locale),
            Advice = advice,
            Retry = Agree(facts.Retry, replyClass),
            Actor = actor,
            Commands = facts.Commands ?? [],
            References = facts.References ?? Unregistered.References(code),
            Standing = Unregistered.Standing(layers, enhanced) ?? facts.Standing ?? ReplyStanding.Vendor,
            Reason = facts.Reason ?? ReplyReason.Undefined,
            Contradictions = Contradictions.Of(code, enhanced, locale),
            Lang = locale.Tag,
            SeeAlso = facts.SeeAlso ?? [],
            Pairs = PairsOf(facts, code, enhanced),
            Closes = facts.Closes ?? false,
            Examples = ExamplesOf(facts, enhanced),
            Gist = texts.Gist ?? Locale.Fill(locale.Label("unregistered gist"), "code", label),
            Right = texts.Right ?? Locale.Fill(locale.Label("unregistered right"), "code", label),
        };
    }

    /// <summary>What to do, for whom: the texts name the actors, or leave them to the facts.</summary>
    public static IReadOnlyList<Advice> AdviceOf(Texts texts, ReplyActor actor) => texts.FixFor ?? [new Advice(actor, texts.Fix ?? "")];

    /// <summary>The bounce text of the entry that leads, or null.</summary>
    public static string? BounceText(int? code, EnhancedCode? enhanced, ReplyContext context)
    {
        var locale = Locale.For(context.Language);
        var layers = Layers.Of(code, enhanced, CommandName(context.Command));
        return Merge(layers, locale, code, enhanced).Bounce;
    }

    /// <summary>How a caller's name for a command is spelt in keys.</summary>
    private static string? CommandName(string? command)
    {
        if (string.IsNullOrEmpty(command) || command.Length > 16)
            return null;
        return command.Equals("connection", StringComparison.OrdinalIgnoreCase) ? "connection"
            : command.Equals("endOfData", StringComparison.OrdinalIgnoreCase) || command == "." ? "endOfData"
            : command.ToUpperInvariant();
    }

    // The basic code decides: it is what a client acts on (RFC 5321 §4.2), the enhanced one only adds to it (RFC 3463 §1).
    private static ReplyClass ClassOf(int? code, EnhancedCode? enhanced, Layers layers) =>
        (code / 100 ?? enhanced?.Class) switch
        {
            // SMTP has no 1yz: what lists call so, the data says.
            1 => CodeFiles.Find(layers.Keys[0])?.Class ?? ReplyClass.TransientFailure,
            2 => ReplyClass.PositiveCompletion,
            3 => ReplyClass.PositiveIntermediate,
            4 => ReplyClass.TransientFailure,
            _ => ReplyClass.PermanentFailure,
        };

    /// <summary>The advice on trying again as it fits the class: the data says how a code is met as a rule, a server may send it under another class.</summary>
    public static RetryAdvice Agree(RetryAdvice? retry, ReplyClass replyClass) =>
        replyClass switch
        {
            ReplyClass.PositiveCompletion or ReplyClass.PositiveIntermediate => RetryAdvice.NotNeeded,
            ReplyClass.TransientFailure => retry == RetryAdvice.AfterFix ? RetryAdvice.AfterFix : RetryAdvice.Later,
            _ => retry is RetryAdvice.AfterFix or RetryAdvice.Later ? RetryAdvice.AfterFix : RetryAdvice.Never,
        };

    private static Facts Merge(Layers layers, ReplyClass replyClass)
    {
        var merged = new Facts();
        var isTransient = replyClass == ReplyClass.TransientFailure;
        foreach (var key in layers.Keys)
        {
            if (CodeFiles.Find(key) is not { } facts)
                continue;
            // X.y.z speaks of the code as it is met as a rule, which is as a permanent failure.
            var isAnyClass = key.StartsWith("X.", StringComparison.Ordinal);
            merged = merged with
            {
                Standing = merged.Standing ?? facts.Standing,
                Retry = merged.Retry ?? (isAnyClass && isTransient ? RetryAdvice.Later : facts.Retry),
                Actor = merged.Actor ?? facts.Actor,
                Reason = merged.Reason ?? facts.Reason,
                Commands = merged.Commands ?? facts.Commands,
                SeeAlso = merged.SeeAlso ?? facts.SeeAlso,
                Pairs = merged.Pairs ?? facts.Pairs,
                Closes = merged.Closes ?? facts.Closes,
                Examples = merged.Examples ?? facts.Examples,
                References = merged.References is null ? facts.References : [.. merged.References.Union(facts.References ?? [])],
            };
        }

        return merged;
    }

    private static Texts Merge(Layers layers, Locale locale, int? code, EnhancedCode? enhanced)
    {
        var merged = new Texts();
        foreach (var key in layers.Keys)
        {
            if (locale.Find(key) is not { } texts)
                continue;
            var hasFix = merged.Fix is not null || merged.FixFor is not null;
            merged = merged with
            {
                Name = merged.Name ?? texts.Name,
                Meaning = merged.Meaning ?? texts.Meaning,
                When = merged.When ?? texts.When,
                Fix = hasFix ? merged.Fix : texts.Fix,
                FixFor = hasFix ? merged.FixFor : texts.FixFor,
                Bounce = merged.Bounce ?? texts.Bounce,
                Gist = merged.Gist ?? Named(texts.Gist, key, code, enhanced),
                Right = merged.Right ?? Named(texts.Right, key, code, enhanced),
            };
        }

        return Unregistered.Complete(merged, layers, locale, code, enhanced);
    }

    // The code whose text it is: of a pair, the half that the text is about.
    private static string? Named(string? text, string key, int? code, EnhancedCode? enhanced)
    {
        if (text is null)
            return null;
        var label = key.Contains(' ', StringComparison.Ordinal) || code is null || enhanced is null
            ? Explanation.LabelOf(code, enhanced?.ToString())
            : char.IsAsciiDigit(key[1]) ? $"{code}" : $"{enhanced}";
        return Locale.Fill(text, "code", label);
    }

    // Of X.y.z only what fits the class at hand.
    private static IReadOnlyList<string> PairsOf(Facts facts, int? code, EnhancedCode? enhanced)
    {
        if (facts.Pairs is null || (code is not null && enhanced is not null))
            return [];
        return enhanced is { } status ? [.. facts.Pairs.Where(pair => pair[0] - '0' == status.Class)] : facts.Pairs;
    }

    private static IReadOnlyList<IReadOnlyList<string>> ExamplesOf(Facts facts, EnhancedCode? enhanced)
    {
        if (facts.Examples is null || enhanced is not { } status)
            return facts.Examples ?? [];
        // Those of its own class first; those of the other class show how it would look.
        var sessions = facts.Examples.ToLookup(session => session.Any(line => line.Contains($"{status}", StringComparison.Ordinal)));
        return sessions[true].Count() >= 2 ? [.. sessions[true]] : [.. sessions[true], .. sessions[false]];
    }

    /// <summary>Advice for one or several, in one text.</summary>
    public static string Joined(IReadOnlyList<Advice> advice, Locale locale) =>
        advice.Count == 1
            ? advice[0].Text
            : string.Join(' ', advice.Select(one => $"{locale.Label($"label fix.{one.Actor.ToName()}")} {one.Text}"));
}
