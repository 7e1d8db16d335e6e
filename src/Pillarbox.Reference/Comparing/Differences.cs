using Pillarbox.Reference.Data;

namespace Pillarbox.Reference.Comparing;

/// <summary>The differences that matter, in the order in which they matter to whoever met one of the two.</summary>
internal static class Differences
{
    public static List<string> Of(Pair pair)
    {
        var (left, right) = (pair.Left, pair.Right);
        List<string> found = [];
        if (left.Class != right.Class)
            Add(found, pair, "class", left.Class.ToName(), right.Class.ToName());
        if (left.Retry != right.Retry)
            Add(found, pair, "retry", left.Retry.ToName(), right.Retry.ToName());
        if (left.Actor != right.Actor)
            Add(found, pair, "actor", left.Actor.ToName(), right.Actor.ToName());
        if (!left.Commands.Order(StringComparer.Ordinal).SequenceEqual(right.Commands.Order(StringComparer.Ordinal), StringComparer.Ordinal))
            found.Add(Commands(pair));
        if (left.Closes != right.Closes && left is { Code: not null, Commands.Count: > 0 } && right is { Code: not null, Commands.Count: > 0 })
            found.Add(Of(pair, "compare closes", left.Closes));
        if (left.Standing != right.Standing)
            Add(found, pair, "standing", left.Standing.ToName(), right.Standing.ToName());
        if (Subject(left) is { } leftSubject && Subject(right) is { } rightSubject && leftSubject != rightSubject)
            Add(found, pair, "subject", leftSubject, rightSubject);
        if (found.Count == 0)
            found.Add(pair.Say("compare names", ("leftName", left.Name), ("rightName", right.Name)));
        return found;
    }

    // Two sentences, one of each: "{code} …" in the words for its value.
    private static void Add(List<string> found, Pair pair, string what, string left, string right) =>
        found.Add(pair.Both(Clause(pair.Locale, what, left, pair.Left), Clause(pair.Locale, what, right, pair.Right)));

    private static string Clause(Locale locale, string what, string value, Explanation one) =>
        locale.Sentence($"compare {what} {value}", ("code", one.Label));

    private static string Commands(Pair pair) => (pair.Left.Commands.Count, pair.Right.Commands.Count) switch
    {
        (0, _) => Of(pair, "compare wire", isLeft: false),
        (_, 0) => Of(pair, "compare wire", isLeft: true),
        _ => pair.Say("compare commands", ("leftCommands", pair.Commands(pair.Left)), ("rightCommands", pair.Commands(pair.Right))),
    };

    // A sentence that is true of {code} and not of {other}.
    private static string Of(Pair pair, string key, bool isLeft)
    {
        var (one, other) = isLeft ? (pair.Left, pair.Right) : (pair.Right, pair.Left);
        return pair.Locale.Sentence(key, ("code", one.Label), ("other", other.Label), ("commands", pair.Commands(one)));
    }

    private static string? Subject(Explanation one) =>
        one.Code is null && EnhancedCode.TryParse(one.Enhanced, out var enhanced)
            ? enhanced.Subject <= 7 ? enhanced.Subject.ToString(System.Globalization.CultureInfo.InvariantCulture) : "other"
            : null;
}
