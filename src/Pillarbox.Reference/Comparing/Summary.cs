namespace Pillarbox.Reference.Comparing;

/// <summary>How two replies relate: what each is, how their classes stand to each other, which is met first, who has to act on both.</summary>
internal static class Summary
{
    public static string Of(Pair pair)
    {
        List<string> sentences = pair.AreTwins ? [pair.Left.Gist, TwinsSummary(pair)] : [pair.Both(pair.Left.Gist, pair.Right.Gist), Classes(pair)];
        if (Together(pair) is { } together)
            sentences.Add(together);
        else if (Order(pair) is { } order)
            sentences.Add(order);
        return string.Join(' ', sentences);
    }

    private static string Classes(Pair pair)
    {
        var (low, high) = ByClass(pair);
        return pair.Say($"compare class {Digit(low)} {Digit(high)}", ("low", low.Label), ("high", high.Label));
    }

    private static string TwinsSummary(Pair pair) =>
        Twins(pair, pair.Left.Class == ReplyClass.PositiveCompletion || pair.Right.Class == ReplyClass.PositiveCompletion ? "compare twins done" : "compare twins");

    /// <summary>A sentence about one code in two classes.</summary>
    public static string Twins(Pair pair, string key)
    {
        var (low, high) = ByClass(pair);
        return pair.Say(key, ("low", low.Label), ("high", high.Label));
    }

    // These sentences name the lower class first, whichever side it stands on.
    private static (Explanation Low, Explanation High) ByClass(Pair pair) =>
        pair.Left.Class <= pair.Right.Class ? (pair.Left, pair.Right) : (pair.Right, pair.Left);

    // An enhanced code explains a basic one, or contradicts it: that says more than where in a session each is met.
    private static string? Together(Pair pair)
    {
        if (pair.Left is not { Code: not null, Enhanced: null } || pair.Right is not { Code: null, Enhanced: { } enhanced })
            return null;
        if (pair.Left.Commands.Count == 0 || pair.Right.Commands.Count == 0)
            return null; // what is on no wire stands in no reply
        if (pair.Left.Class == ReplyClass.PositiveIntermediate)
            return pair.Say("compare together never");
        if (pair.Left.Class != pair.Right.Class)
            return pair.Say("compare together contradicts");
        var arePaired = pair.Left.Pairs.Contains(enhanced) || pair.Right.Pairs.Contains(pair.Left.Label);
        return pair.Say(arePaired ? "compare together often" : "compare together seldom");
    }

    private static string? Order(Pair pair)
    {
        if (SessionPhase.Of(pair.Left) is not { } left || SessionPhase.Of(pair.Right) is not { } right)
            return null;
        return left.IsBefore(right) ? pair.Say("compare order", ("first", pair.Left.Label), ("second", pair.Right.Label))
            : right.IsBefore(left) ? pair.Say("compare order", ("first", pair.Right.Label), ("second", pair.Left.Label))
            : null;
    }

    private static int Digit(Explanation one) => (int)one.Class + 2;
}
