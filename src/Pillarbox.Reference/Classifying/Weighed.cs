namespace Pillarbox.Reference.Classifying;

/// <summary>Asks the weights of words where neither a rule nor the codes are sure; what a provider or a software words in its own way is for its rules alone.</summary>
internal static class Weighed
{
    /// <summary>From here on rules and codes are not doubted.</summary>
    private const double Sure = 0.81;

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
            || words.Confidence <= sure || words.Reason == (match.Rule?.Reason ?? explanation.Reason)
            || words.Reason is ReplyReason.Undefined or ReplyReason.Delivered or ReplyReason.Vacation or ReplyReason.Feedback)
            return match;
        return match with { Rule = RuleOf(words), Evidence = words.Evidence };
    }

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
