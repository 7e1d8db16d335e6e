using System.Globalization;

namespace Pillarbox.Reference.Data;

/// <summary>
/// The entries that speak for a reply, the most specific first: the pair in its command, the pair, then the enhanced code and the
/// basic code, whichever says more leading. What an entry leaves out, the next one says.
/// </summary>
internal sealed class Layers
{
    private static readonly EntryFile<Facts> File =
        EntryFile<Facts>.Open("facts.json", Facts.Parse) ?? throw new InvalidDataException("the facts are missing");

    private readonly List<string> _keys = new(6);

    private Layers(bool codeKnown, bool enhancedKnown)
    {
        CodeKnown = codeKnown;
        EnhancedKnown = enhancedKnown;
    }

    /// <summary>Whether the basic code is in the reference.</summary>
    public bool CodeKnown { get; }

    /// <summary>Whether the enhanced code is in the reference.</summary>
    public bool EnhancedKnown { get; }

    /// <summary>The keys, the leading one first.</summary>
    public IReadOnlyList<string> Keys => _keys;

    /// <summary>The keys of all facts.</summary>
    public static IEnumerable<string> AllKeys => File.Keys;

    /// <summary>The facts of a key, or null.</summary>
    public static Facts? FactsOf(string key) => File.Find(key);

    /// <summary>Whether the reference has a basic code, an enhanced one (<c>5.7.8</c>), or a pair.</summary>
    public static bool Knows(string key) =>
        File.Has(key) || (EnhancedCode.TryParse(key, out var enhanced) && KnowsEnhanced(enhanced));

    public static Layers Of(int? code, EnhancedCode? enhanced, string? command)
    {
        var basic = code?.ToString(CultureInfo.InvariantCulture);
        var codeKnown = basic is not null && File.Has(basic);
        var enhancedKnown = enhanced is { } known && KnowsEnhanced(known);
        var layers = new Layers(codeKnown, enhancedKnown);

        if (basic is not null && enhanced is not null)
            layers.AddWithCommand($"{basic} {enhanced}", command);
        if (codeKnown && (!enhancedKnown || CodeLeads(code!.Value, enhanced!.Value)))
        {
            layers.AddWithCommand(basic!, command);
            layers.AddEnhanced(enhanced, command);
        }
        else
        {
            layers.AddEnhanced(enhanced, command);
            if (basic is not null)
                layers.AddWithCommand(basic, command);
        }

        return layers;
    }

    // Where all is well the basic code says what was done, and the enhanced one adds little. X.0.0, X.3.0 and X.5.0
    // say "other or undefined" of what the basic code already told; of the rest even a general one tells the subject.
    private static bool CodeLeads(int code, EnhancedCode enhanced) =>
        code < 400 || (enhanced.Detail == 0 && enhanced.Subject is 0 or 3 or 5);

    private static bool KnowsEnhanced(EnhancedCode enhanced) =>
        File.Has(enhanced.ToString())
        || (File.Find(enhanced.AnyClass) is { } facts && (enhanced.Class != 2 || facts.Classes?.Contains('2', StringComparison.Ordinal) == true));

    private void AddEnhanced(EnhancedCode? enhanced, string? command)
    {
        if (!EnhancedKnown || enhanced is not { } known)
            return;
        AddWithCommand(known.ToString(), command);
        AddWithCommand(known.AnyClass, command);
    }

    private void AddWithCommand(string key, string? command)
    {
        if (command is not null)
            Add($"{key}@{command}");
        Add(key);
    }

    private void Add(string key)
    {
        if (File.Has(key))
            _keys.Add(key);
    }
}
