using Pillarbox.Reference.Data;

namespace Pillarbox.Reference.Comparing;

/// <summary>
/// Compares two replies. Pairs that people confuse have a text of their own; the others are composed of whole sentences, each with
/// places for codes, names and phrases that stand by themselves, so that no language has to inflect what is put in.
/// </summary>
internal static class Comparer
{
    public static Comparison Compare(Explanation one, Explanation other)
    {
        var (left, right) = ReplyOrder.Instance.Compare(one, other) <= 0 ? (one, other) : (other, one);
        var pair = Pair.Of(left, right);
        var written = pair.Locale.Find($"compare {left.Label} {right.Label}");
        return new Comparison
        {
            Title = pair.Say("compare title", ("leftName", left.Name), ("rightName", right.Name)),
            Summary = written?.Summary ?? Summary.Of(pair),
            Left = left,
            Right = right,
            Differences = written?.Differences ?? Differences.Of(pair),
            WhichWhen = written?.WhichWhen ?? $"{pair.Left.Right} {(pair.AreTwins ? Summary.Twins(pair, "compare twins when") : pair.Right.Right)}",
            IsWritten = written is not null,
            Lang = pair.Locale.Tag,
        };
    }
}

/// <summary>Two replies in one language.</summary>
internal sealed record Pair(Explanation Left, Explanation Right, Locale Locale)
{
    /// <summary>
    /// Two replies to be compared. Where they have one command in common, as 251 and 253 have ETRN, what each means in answer to it is
    /// what people want to tell apart.
    /// </summary>
    public static Pair Of(Explanation left, Explanation right)
    {
        string[] shared = [.. left.Commands.Intersect(right.Commands, StringComparer.Ordinal)];
        if (shared is [var command] && command != "any")
        {
            var context = new ReplyContext(command, left.Lang);
            return new Pair(In(left, context), In(right, context), Locale.For(left.Lang));
        }

        return new Pair(left, right, Locale.For(left.Lang));
    }

    /// <summary>Whether they are one code in two classes, with one text for both.</summary>
    public bool AreTwins => Left.Class != Right.Class && Left.Gist.Replace(Left.Label, Right.Label, StringComparison.Ordinal) == Right.Gist;

    /// <summary>A sentence about both; <c>{left}</c> and <c>{right}</c> are their codes.</summary>
    public string Say(string key, params ReadOnlySpan<(string Name, string Value)> values) =>
        Locale.Sentence(key, [("left", Left.Label), ("right", Right.Label), .. values]);

    /// <summary>Two sentences, one of each, as the language sets them against each other.</summary>
    public string Both(string left, string right) => Locale.Sentence("compare pair", ("first", left), ("second", right));

    /// <summary>The commands of one of the two, as words in a row.</summary>
    public string Commands(Explanation one) =>
        Locale.List([.. one.Commands.Select(command => char.IsAsciiLetterUpper(command[0]) ? command : Locale.Label($"command {command}"))]);

    private static Explanation In(Explanation one, ReplyContext context) =>
        ReplyReference.Explain(one.Code, one.Enhanced, context) is { } answer ? one with { Gist = answer.Gist, Right = answer.Right } : one;
}
