namespace Pillarbox.Reference.Classifying;

/// <summary>What a wording means: all of its conditions hold for a reply, and no earlier rule's do.</summary>
internal sealed record WordingRule
{
    /// <summary><c>google/user-unknown</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Basic codes (<c>550</c>) or classes (<c>5</c>), one of which the reply has; empty for any.</summary>
    public required IReadOnlyList<string> Codes { get; init; }

    /// <summary>Enhanced codes (<c>5.1.1</c>), their subjects (<c>5.7</c>) or codes of any class (<c>X.2.2</c>), one of which it has; empty for any.</summary>
    public required IReadOnlyList<string> Enhanced { get; init; }

    /// <summary>Phrases that each occur, by their numbers in the index.</summary>
    public required IReadOnlyList<int> All { get; init; }

    /// <summary>Phrases one of which occurs; empty for no such condition.</summary>
    public required IReadOnlyList<int> Any { get; init; }

    /// <summary>Phrases none of which occurs.</summary>
    public required IReadOnlyList<int> None { get; init; }

    /// <summary>Whether the provider must be known to have spoken.</summary>
    public required bool NeedsProvider { get; init; }

    /// <summary>Whether any server words it so.</summary>
    public required bool IsGeneral { get; init; }

    public required ReplyReason Reason { get; init; }

    public RetryAdvice? Retry { get; init; }

    public ReplyActor? Actor { get; init; }

    /// <summary>How sure the wording is of the reason, 0.5 to 0.99.</summary>
    public required double Confidence { get; init; }

    /// <summary>Key of the advice that is special to the provider, or null.</summary>
    public string? Advice { get; init; }

    /// <summary>Replies that this rule is the first to hold for.</summary>
    public required IReadOnlyList<string> Examples { get; init; }

    /// <summary>Whether the codes of a reply fit.</summary>
    public bool FitsCodes(string? code, string? enhanced) =>
        (Codes.Count == 0 || (code is not null && Codes.Any(one => code.StartsWith(one, StringComparison.Ordinal))))
        && (Enhanced.Count == 0 || (enhanced is not null && Enhanced.Any(one => FitsEnhanced(one, enhanced))));

    private static bool FitsEnhanced(string wanted, string enhanced)
    {
        if (wanted[0] == 'X')
            return enhanced.AsSpan(1).SequenceEqual(wanted.AsSpan(1));
        return enhanced == wanted || (wanted.Count(c => c == '.') == 1 && enhanced.StartsWith($"{wanted}.", StringComparison.Ordinal));
    }
}
