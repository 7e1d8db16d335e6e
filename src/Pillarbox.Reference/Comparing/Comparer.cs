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
            Title = pair.Say("compare title", ("leftName", pair.Left.Name), ("rightName", pair.Right.Name)),
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
        var locale = Locale.For(left.Lang);
        string[] shared = [.. left.Commands.Intersect(right.Commands, StringComparer.Ordinal)];
        if (shared is [var command] && command != "any")
            (left, right) = (In(left, command), In(right, command));

        // "550 5.1.1" beside "554 5.1.1", or beside 5.1.1 alone: what they have in common tells nothing, so the halves that differ speak.
        if (left.Gist == right.Gist)
            (left, right) = left.Code == right.Code ? (Half(left, null, left.Enhanced), Half(right, null, right.Enhanced)) : (Half(left, left.Code, null), Half(right, right.Code, null));
        return new Pair(left, right, locale);
    }

    /// <summary>Whether they are one enhanced code in two classes, with one text for both.</summary>
    public bool AreTwins =>
        Left is { Code: null, Enhanced: { } left } && Right is { Code: null, Enhanced: { } right } && Left.Class != Right.Class
        && left.AsSpan(1).SequenceEqual(right.AsSpan(1)) && Left.Gist.Replace(Left.Label, Right.Label, StringComparison.Ordinal) == Right.Gist;

    /// <summary>A sentence about both; <c>{left}</c> and <c>{right}</c> are their codes.</summary>
    public string Say(string key, params ReadOnlySpan<(string Name, string Value)> values) =>
        Locale.Sentence(key, [("left", Left.Label), ("right", Right.Label), .. values]);

    /// <summary>Two sentences, one of each, as the language sets them against each other.</summary>
    public string Both(string left, string right) => Locale.Sentence("compare pair", ("first", left), ("second", right));

    /// <summary>The commands of one of the two, as words in a row.</summary>
    public string Commands(Explanation one) =>
        Locale.List([.. one.Commands.Select(command => char.IsAsciiLetterUpper(command[0]) ? command : Locale.Label($"command {command}"))]);

    private static Explanation In(Explanation one, string command) =>
        ReplyReference.Explain(one.Code, one.Enhanced, new ReplyContext(command, one.Lang)) is { } answer
            ? one with { Gist = answer.Gist, Right = answer.Right }
            : one;

    private static Explanation Half(Explanation one, int? code, string? enhanced) =>
        one is { Code: not null, Enhanced: not null } && ReplyReference.Explain(code, enhanced, new ReplyContext(Language: one.Lang)) is { } half
            ? one with { Name = half.Name, Gist = half.Gist, Right = half.Right }
            : one;
}
