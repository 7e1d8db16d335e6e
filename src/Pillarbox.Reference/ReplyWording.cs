namespace Pillarbox.Reference;

/// <summary>What the words of a reply, beyond its codes, were found to say.</summary>
public sealed record ReplyWording
{
    /// <summary>Who words replies so, as a stable key such as <c>google</c>; null where it could be anybody.</summary>
    public required string? Provider { get; init; }

    /// <summary>The same as people write it.</summary>
    public required string? ProviderName { get; init; }

    /// <summary>The rule that held, such as <c>google/user-unknown</c>; <c>words</c> where no rule did and the words were weighed; null where the codes alone decided.</summary>
    public string? Rule { get; init; }

    /// <summary>How sure the reason is, 0 to 1.</summary>
    public required double Confidence { get; init; }

    /// <summary>The words that decided, as they came, at most 512 characters.</summary>
    public required string Evidence { get; init; }

    /// <summary>A text to send to whoever must act, or null; its places are filled.</summary>
    public string? Letter { get; init; }

    /// <summary>Where advice that is special to the provider comes from, or null.</summary>
    public AdviceSource? Source { get; init; }
}

/// <summary>Where an advice comes from, and when that was last known to say so.</summary>
/// <param name="Source">Whose document.</param>
/// <param name="Date">Year and month, such as <c>2025-06</c>.</param>
/// <param name="Url">Where it is to be read, or null.</param>
public sealed record AdviceSource(string Source, string Date, string? Url);
