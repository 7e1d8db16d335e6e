namespace Pillarbox.Reference.Classifying;

/// <summary>Asks the weights of words where neither a rule nor the codes are sure; what a provider or a software words in its own way is for its rules alone.</summary>
internal static class Weighed
{
    /// <summary>From here on rules and codes are not doubted.</summary>
    private const double Sure = 0.925;

    /// <summary>From here on they are doubted only where words weigh more; measured, as all of these are, on replies that neither had seen (docs/decisions/0082).</summary>
    private const double RatherSure = 0.76;

    /// <summary>By how much words must weigh more for one reason, where rules and codes are rather sure, and where they are not.</summary>
    private const double MarginAgainstSure = 3;
    private const double MarginAgainstUnsure = 2;

    /// <summary>The same where there is no code either, and nothing but words may say that they are a reply's.</summary>
    private const double MarginAlone = 6;

    /// <summary>How many pieces must be known, so that no single word decides; and of a text alone.</summary>
    private const int LeastWords = 2;
    private const int LeastWordsAlone = 8;


    /// <summary>The match, or what the words weigh for where that is surer.</summary>
    /// <param name="match">What rules found.</param>
    /// <param name="explanation">What the codes say.</param>
    /// <param name="text">The words of the reply.</param>
    public static WordingMatch Surer(WordingMatch match, Explanation explanation, string text)
    {
        var sure = match.Rule?.Confidence ?? Refiner.Confidence(explanation);
        if (explanation.Class is not (ReplyClass.TransientFailure or ReplyClass.PermanentFailure)
            || sure >= Sure
            || match.Rule is { IsGeneral: false }
            || WordWeights.Instance.Weigh(text, explanation.Code, explanation.Enhanced) is not { } words
            || words.Words < LeastWords || words.Margin < Needed(match.Rule, sure) || words.Reason == (match.Rule?.Reason ?? explanation.Reason)
            || words.Reason is ReplyReason.Undefined or ReplyReason.Delivered or ReplyReason.Vacation or ReplyReason.Feedback)
            return match;
        return match with { Rule = RuleOf(words), Evidence = words.Evidence };
    }

    /// <summary>What words alone, without a code, are surely of; null where that is not sure.</summary>
    public static WordingMatch? Alone(WordingMatch match, string text) =>
        WordWeights.Instance.Weigh(text, null, null) is { } words && words.Words >= LeastWordsAlone && words.Margin >= MarginAlone
        && words.Reason is not (ReplyReason.Undefined or ReplyReason.Delivered or ReplyReason.Vacation or ReplyReason.Feedback)
            ? match with { Rule = RuleOf(words), Evidence = words.Evidence }
            : null;

    // A rule that says of words that they tell nothing ("550 Message refused") has looked at them.
    private static double Needed(WordingRule? rule, double sure) =>
        rule is { Reason: ReplyReason.Undefined } ? MarginAlone : sure >= RatherSure ? MarginAgainstSure : MarginAgainstUnsure;

    private static WordingRule RuleOf(WeighedWords words) => new()
    {
        Id = WordWeights.Id,
        Codes = [],
        Enhanced = [],
        All = [],
        Any = [],
        None = [],
        NeedsProvider = false,
        IsGeneral = true,
        Reason = words.Reason,
        Confidence = words.Confidence,
        Examples = [],
    };
}
