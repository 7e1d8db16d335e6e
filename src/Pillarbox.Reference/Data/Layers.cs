using System.Globalization;

namespace Pillarbox.Reference.Data;

/// <summary>
/// The entries that speak for a reply, the most specific first: the pair in its command, the pair, then the enhanced code and the
/// basic code, whichever says more leading. What an entry leaves out, the next one says.
/// </summary>
internal sealed class Layers
{
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

    /// <summary>Whether the reference has a basic code, an enhanced one (<c>5.7.8</c>), or a pair.</summary>
    public static bool Knows(string key) =>
        CodeFiles.Has(key) || (EnhancedCode.TryParse(key, out var enhanced) && KnowsEnhanced(enhanced));

    public static Layers Of(int? code, EnhancedCode? enhanced, string? command)
    {
        var basic = code?.ToString(CultureInfo.InvariantCulture);
        var codeKnown = basic is not null && CodeFiles.Has(basic);
        var enhancedKnown = enhanced is { } known && KnowsEnhanced(known);
        var layers = new Layers(codeKnown, enhancedKnown);

        if (basic is not null && enhanced is not null)
            layers.AddWithCommand($"{basic} {enhanced}", command);
        // A detail that is not known is read as its subject in general (RFC 3463 §2).
        var read = enhanced is { } status && !enhancedKnown ? status with { Detail = 0, Last = null } : enhanced;
        var codeLeads = codeKnown && (read is null || CodeLeads(code!.Value, read.Value));
        if (codeLeads)
            layers.AddWithCommand(basic!, command);
        layers.AddEnhanced(read, command);
        if (!codeLeads && basic is not null)
            layers.AddWithCommand(basic, command);

        return layers;
    }

    // Where all is well the basic code says what was done, and the enhanced one adds little. Where something failed, the enhanced
    // code is the closer one, unless it is a general one: X.0.0, X.3.0 and X.5.0 tell nothing new, and X.1.0 or X.7.1 tell less than 535.
    private static bool CodeLeads(int code, EnhancedCode enhanced) =>
        code < 400
        || enhanced is { Subject: 0 or 3 or 5, Detail: 0 }
        || (IsGeneral(enhanced) && code is not (421 or 450 or 451 or 452 or 550 or 552 or 553 or 554));

    private static bool IsGeneral(EnhancedCode enhanced) =>
        enhanced is { Detail: 0 } or { Subject: 7, Detail: 1 } or { Subject: 5, Detail: 1 or 2 or 4 };

    private static bool KnowsEnhanced(EnhancedCode enhanced) =>
        CodeFiles.Has(enhanced.ToString())
        || CodeFiles.RangeOf(enhanced) is not null
        || (enhanced.Class != 2 && enhanced.Last is null && CodeFiles.Has(enhanced.AnyClass));

    private void AddEnhanced(EnhancedCode? enhanced, string? command)
    {
        if (enhanced is not { } read)
            return;
        AddWithCommand(read.ToString(), command);
        if (CodeFiles.RangeOf(read) is { } range && range != read)
            AddWithCommand(range.ToString(), command);
        if (read.Class != 2) // X.y.z speaks of failures
            AddWithCommand(read.AnyClass, command);
    }

    private void AddWithCommand(string key, string? command)
    {
        if (command is not null)
            Add($"{key}@{command}");
        Add(key);
    }

    private void Add(string key)
    {
        if (CodeFiles.Has(key))
            _keys.Add(key);
    }
}
