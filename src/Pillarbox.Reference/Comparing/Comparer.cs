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
        var pair = new Pair(left, right, Locale.For(left.Lang));
        var written = pair.Locale.Find($"compare {left.Label} {right.Label}");
        return new Comparison
        {
            Title = pair.Say("compare title", ("leftName", left.Name), ("rightName", right.Name)),
            Summary = written?.Summary ?? Summary.Of(pair),
            Left = left,
            Right = right,
            Differences = written?.Differences ?? Differences.Of(pair),
            WhichWhen = written?.WhichWhen ?? $"{left.Right} {right.Right}",
            IsWritten = written is not null,
            Lang = pair.Locale.Tag,
        };
    }
}

/// <summary>Two replies in one language.</summary>
internal sealed record Pair(Explanation Left, Explanation Right, Locale Locale)
{
    /// <summary>A sentence about both; <c>{left}</c> and <c>{right}</c> are their codes.</summary>
    public string Say(string key, params ReadOnlySpan<(string Name, string Value)> values) =>
        Locale.Sentence(key, [("left", Left.Label), ("right", Right.Label), .. values]);

    /// <summary>The commands of one of the two, as words in a row.</summary>
    public string Commands(Explanation one) =>
        Locale.List([.. one.Commands.Select(command => char.IsAsciiLetterUpper(command[0]) ? command : Locale.Label($"command {command}"))]);

    /// <summary>Whether both are failures.</summary>
    public bool AreFailures => IsFailure(Left) && IsFailure(Right);

    private static bool IsFailure(Explanation one) => one.Class is ReplyClass.TransientFailure or ReplyClass.PermanentFailure;
}
