using System.Text.Json;

namespace Pillarbox.Reference.Classifying;

/// <summary>All rules, read from the assembly when the first text is classified.</summary>
internal sealed class RuleBook
{
    private const string Prefix = "wordings.";

    private static readonly Lazy<RuleBook> Whole = new(Load);

    private RuleBook(IReadOnlyList<Provider> providers, IReadOnlyList<string> phrases)
    {
        Providers = providers;
        Phrases = phrases;
        Index = new PhraseIndex(phrases);
    }

    /// <summary>The rules of this assembly.</summary>
    public static RuleBook Instance => Whole.Value;

    /// <summary>In the order in which their rules are tried: software and providers by name, then wordings that any server uses.</summary>
    public IReadOnlyList<Provider> Providers { get; }

    /// <summary>All phrases of all rules and signs; their places are their numbers.</summary>
    public IReadOnlyList<string> Phrases { get; }

    /// <summary>Finds them.</summary>
    public PhraseIndex Index { get; }

    private static RuleBook Load()
    {
        var assembly = typeof(RuleBook).Assembly;
        var reader = new RuleReader();
        var providers = new List<Provider>();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            using var document = JsonDocument.Parse(stream);
            providers.Add(reader.Read(document.RootElement));
        }

        // Whoever runs a mail service words its replies more surely than the software that it, or the sender, runs.
        return new RuleBook([.. providers.OrderBy(provider => provider.IsGeneral).ThenBy(provider => provider.IsSoftware)], reader.Phrases);
    }
}
