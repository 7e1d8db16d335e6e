using System.Collections.Concurrent;

namespace Pillarbox.Reference.Data;

/// <summary>The texts of one language. What it lacks, English says.</summary>
internal sealed class Locale
{
    private static readonly ConcurrentDictionary<string, Locale?> Opened = new(StringComparer.OrdinalIgnoreCase);

    private readonly EntryFile<Texts> _file;

    private Locale(string tag, EntryFile<Texts> file)
    {
        Tag = tag;
        _file = file;
    }

    /// <summary>English: the language that is always there, and that goes over the wire.</summary>
    public static Locale English { get; } = Open("en") ?? throw new InvalidDataException("the English texts are missing");

    /// <summary>The language's BCP 47 tag.</summary>
    public string Tag { get; }

    /// <summary>Every key of the language's file.</summary>
    public IEnumerable<string> Keys => _file.Keys;

    /// <summary>The language of a tag: itself (<c>zh-Hans</c>), else without its last parts (<c>th-TH</c> → <c>th</c>), else English.</summary>
    public static Locale For(string? tag)
    {
        // The tag may come from a request: only such as the data could have are looked up and remembered.
        for (var rest = tag is { Length: <= 16 } ? tag : null; !string.IsNullOrEmpty(rest);)
        {
            if (Array.Find(Tags, known => known.Equals(rest, StringComparison.OrdinalIgnoreCase)) is { } found)
                return Opened.GetOrAdd(found, Open) ?? English;
            var cut = rest.LastIndexOfAny(['-', '_']);
            rest = cut > 0 ? rest[..cut] : null;
        }

        return English;
    }

    /// <summary>The languages there are.</summary>
    public static string[] Tags { get; } =
    [
        .. typeof(Locale).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith("locale.", StringComparison.Ordinal))
            .Select(name => name["locale.".Length..^".json".Length])
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The texts of a key, or null.</summary>
    public Texts? Find(string key) => _file.Find(key) ?? (ReferenceEquals(this, English) ? null : English.Find(key));

    /// <summary>A short text that frames others, its placeholders filled: <c>{code}</c>, <c>{enhanced}</c>.</summary>
    public string Label(string key, int? code = null, string? enhanced = null)
    {
        var text = Find(key)?.Name ?? throw new InvalidDataException($"{Tag}: no text {key}");
        return Fill(text, code, enhanced);
    }

    /// <summary>Puts codes in the places of a text that are for them.</summary>
    public static string Fill(string text, int? code, string? enhanced) =>
        text.Contains('{', StringComparison.Ordinal)
            ? text.Replace("{code}", $"{code}", StringComparison.Ordinal).Replace("{enhanced}", enhanced, StringComparison.Ordinal)
            : text;

    private static Locale? Open(string tag) =>
        EntryFile<Texts>.Open($"locale.{tag}.json", Texts.Parse) is { } file ? new Locale(tag, file) : null;
}
