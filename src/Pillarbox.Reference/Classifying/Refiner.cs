using Pillarbox.Reference.Data;

namespace Pillarbox.Reference.Classifying;

/// <summary>Makes an explanation of codes into one of the reply that had them, by what its wording was found to mean.</summary>
internal static class Refiner
{
    private static readonly EntryFile<Facts> Reasons =
        EntryFile<Facts>.Open("reasons.json", Facts.Parse) ?? throw new InvalidDataException("the reasons are missing");

    /// <summary>The facts of a reason.</summary>
    public static Facts FactsOf(ReplyReason reason) => Reasons.Find(reason.ToName()) ?? throw new InvalidDataException($"no facts of {reason}");

    /// <summary>The explanation with the rule's reason, actor and advice; the codes' own where no rule held.</summary>
    public static Explanation Refine(Explanation explanation, WordingMatch match, string evidence)
    {
        if (match.Rule is not { } rule)
            return explanation with { Wording = Unruled(explanation, match, evidence) };

        var locale = Locale.For(explanation.Lang);
        var facts = FactsOf(rule.Reason);
        var isNews = rule.Reason != explanation.Reason;
        var reason = locale.Find($"reason {rule.Reason.ToName()}");
        var actor = rule.Actor ?? (isNews ? facts.Actor : null) ?? explanation.Actor;
        var advice = rule.Advice is { } key ? locale.Find($"advice {key}") : null;
        var fix = advice is not null ? Composer.AdviceOf(advice, actor) : isNews && reason is not null ? Composer.AdviceOf(reason, actor) : explanation.Advice;
        return explanation with
        {
            Reason = rule.Reason,
            Retry = Composer.Agree(rule.Retry ?? (isNews ? facts.Retry : explanation.Retry), explanation.Class),
            Actor = actor,
            // What the code means in general would contradict what the words say here.
            Meaning = (isNews ? reason?.Meaning : null) ?? explanation.Meaning,
            When = (isNews ? reason?.When : null) ?? explanation.When,
            Advice = fix,
            Fix = Composer.Joined(fix, locale),
            Wording = WordingOf(match, rule, evidence, advice?.Letter ?? reason?.Letter),
        };
    }

    /// <summary>Whether its enhanced code says by itself what is the matter: not that something is, nor that a policy is against it.</summary>
    public static bool IsSpecific(Explanation explanation) =>
        explanation.Reason is not (ReplyReason.Undefined or ReplyReason.PolicyViolation or ReplyReason.SystemError or ReplyReason.MailerError)
        && explanation.Enhanced is { } enhanced && !enhanced.EndsWith(".0", StringComparison.Ordinal) && !enhanced.EndsWith(".7.1", StringComparison.Ordinal)
        && ReplyReference.Knows(enhanced);

    /// <summary>What a reason means by itself, whoever gives it.</summary>
    public static Explanation FromReason(ReplyReason reason, Locale locale) =>
        FromReason(reason, null, locale, null, new ReplyWording { Provider = null, ProviderName = null, Confidence = 1, Evidence = "" });

    /// <summary>An explanation that has no code to stand on.</summary>
    public static Explanation FromReason(ReplyReason reason, ReplyClass? replyClass, Locale locale, WordingRule? rule, ReplyWording wording)
    {
        var facts = FactsOf(reason);
        var texts = locale.Find($"reason {reason.ToName()}") ?? new Texts();
        var actor = rule?.Actor ?? facts.Actor ?? ReplyActor.Sender;
        var retry = rule?.Retry ?? facts.Retry ?? RetryAdvice.Never;
        var told = replyClass ?? retry switch
        {
            RetryAdvice.NotNeeded => ReplyClass.PositiveCompletion,
            RetryAdvice.Later => ReplyClass.TransientFailure,
            _ => ReplyClass.PermanentFailure,
        };
        var advice = (rule?.Advice is { } key ? locale.Find($"advice {key}") : null) ?? texts;
        var all = Composer.AdviceOf(advice, actor);
        return new Explanation
        {
            Code = null,
            Enhanced = null,
            Name = texts.Name ?? "",
            Class = told,
            Meaning = texts.Meaning ?? "",
            When = texts.When ?? "",
            Fix = Composer.Joined(all, locale),
            Advice = all,
            Retry = Composer.Agree(retry, told),
            Actor = actor,
            Commands = [],
            References = [],
            Standing = ReplyStanding.Vendor,
            Reason = reason,
            Contradictions = [],
            Lang = locale.Tag,
            SeeAlso = facts.SeeAlso ?? [],
            Pairs = [],
            Examples = [],
            Gist = "",
            Right = "",
            Closes = false,
            Wording = wording with { Letter = wording.Letter ?? advice.Letter ?? texts.Letter },
        };
    }

    /// <summary>A reason in the words of a bounce: what it means, and what to do; null where nothing failed.</summary>
    public static string? PlainWords(Explanation explanation) =>
        explanation.Class is ReplyClass.PositiveCompletion ? null
        : Locale.For(explanation.Lang).Find($"reason {explanation.Reason.ToName()}")?.Meaning is { } meaning ? $"{meaning} {explanation.Fix}" : null;

    /// <summary>What a rule found.</summary>
    public static ReplyWording WordingOf(WordingMatch match, WordingRule rule, string evidence, string? letter) => new()
    {
        Provider = match.Provider?.IsGeneral == false ? match.Provider.Key : null,
        ProviderName = match.Provider?.IsGeneral == false ? match.Provider.Name : null,
        Rule = rule.Id,
        Confidence = rule.Confidence,
        Evidence = match.Evidence ?? evidence,
        Letter = letter,
        Source = rule.Advice is { } source ? match.Provider?.Advices.GetValueOrDefault(source) : null,
    };

    private static ReplyWording Unruled(Explanation explanation, WordingMatch match, string evidence) => new()
    {
        Provider = match.Provider?.Key,
        ProviderName = match.Provider?.Name,
        Confidence = Confidence(explanation),
        Evidence = evidence,
        Letter = Locale.For(explanation.Lang).Find($"reason {explanation.Reason.ToName()}")?.Letter,
    };

    /// <summary>How sure the codes alone are of the reason: an enhanced code with a detail of its own says most, a basic code alone says little.</summary>
    public static double Confidence(Explanation explanation) =>
        explanation.Reason == ReplyReason.Undefined ? 0.2
        : explanation.Enhanced is null ? explanation.Code is >= 500 and <= 504 ? 0.77 : 0.4
        : explanation.Reason == ReplyReason.PolicyViolation && explanation.Enhanced.EndsWith(".7.1", StringComparison.Ordinal) ? 0.65
        : !IsSpecific(explanation) ? 0.5
        : 0.8;
}
