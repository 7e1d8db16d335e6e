namespace Pillarbox.Reference.Classifying;

/// <summary>Who words replies in a way of their own: a mailbox provider, a filter, a list, a mail server's software.</summary>
internal sealed record Provider
{
    /// <summary>A stable key, such as <c>google</c>.</summary>
    public required string Key { get; init; }

    /// <summary>As people write it.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it stands for nobody: wordings that any server uses.</summary>
    public required bool IsGeneral { get; init; }

    /// <summary>Whether it is a mail server's or a filter's software, which many run.</summary>
    public required bool IsSoftware { get; init; }

    /// <summary>Its hosts' domains and phrases that only its replies have, by their numbers in the index.</summary>
    public required IReadOnlyList<int> Signs { get; init; }

    /// <summary>The specific before the general.</summary>
    public required IReadOnlyList<WordingRule> Rules { get; init; }

    /// <summary>Where advice comes from, by its key.</summary>
    public required IReadOnlyDictionary<string, AdviceSource> Advices { get; init; }
}
