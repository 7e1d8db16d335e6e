namespace Pillarbox.Reference.Comparing;

/// <summary>How two replies relate: what each is, how their classes stand to each other, which is met first, who has to act on both.</summary>
internal static class Summary
{
    public static string Of(Pair pair)
    {
        List<string> sentences = [pair.Left.Gist, pair.Right.Gist, Classes(pair)];
        if (Together(pair) is { } together)
            sentences.Add(together);
        else if (Order(pair) is { } order)
            sentences.Add(order);
        return string.Join(' ', sentences);
    }

    private static string Classes(Pair pair)
    {
        // The sentence names the lower class first, whichever side it stands on.
        var (low, high) = pair.Left.Class <= pair.Right.Class ? (pair.Left, pair.Right) : (pair.Right, pair.Left);
        var key = $"compare class {Digit(low)} {Digit(high)}";
        return pair.Say(key, ("low", low.Label), ("high", high.Label));
    }

    // An enhanced code explains a basic one, or contradicts it: that says more than where in a session each is met.
    private static string? Together(Pair pair)
    {
        if (pair.Left is not { Code: not null, Enhanced: null } || pair.Right is not { Code: null, Enhanced: { } enhanced })
            return null;
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
