using Pillarbox.Reference.Data;

namespace Pillarbox.Reference;

/// <summary>A language of the reference, with the short texts that frame its entries: headings, labels, counts.</summary>
public sealed class ReferenceLanguage
{
    // A language's file is opened when a text of it is first asked for: who reads one language does not wait for all.
    private readonly Lazy<Locale> _locale;

    private ReferenceLanguage(string tag)
    {
        Tag = tag;
        _locale = new(() => Locale.For(tag));
    }

    /// <summary>The languages there are, by tag.</summary>
    public static IReadOnlyList<ReferenceLanguage> All { get; } = [.. Locale.Tags.Select(tag => new ReferenceLanguage(tag))];

    /// <summary>As a BCP 47 tag.</summary>
    public string Tag { get; }

    /// <summary>The language's name in itself.</summary>
    public string Name => _locale.Value.Label("language name");

    /// <summary>Whether it is written from right to left; replies and commands go from left to right all the same.</summary>
    public bool IsRightToLeft => _locale.Value.IsRightToLeft;

    /// <summary>The language of a tag: itself, else without the tag's last parts (<c>th-TH</c> → <c>th</c>), else English.</summary>
    public static ReferenceLanguage For(string? tag)
    {
        var found = Locale.TagFor(tag);
        return All.First(language => language.Tag == found);
    }

    /// <summary>Whether there is a language of that tag, or of the tag without its last parts.</summary>
    public static bool Has(string? tag) => Locale.Has(tag);

    /// <summary>A short text by its key, such as <c>label meaning</c>.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public string Label(string key) => _locale.Value.Label(key);

    /// <summary>A short text with its placeholders filled.</summary>
    /// <exception cref="InvalidDataException">There is none of that key.</exception>
    public string Label(string key, params ReadOnlySpan<(string Name, string Value)> values) => _locale.Value.Sentence(key, values);

    /// <summary>A text that counts, in the plural form that the number asks for.</summary>
    /// <exception cref="InvalidDataException">There is none of that key.</exception>
    public string Count(string key, int count) => _locale.Value.Count(key, count);

    /// <summary>Items in a row, as the language joins them.</summary>
    public string List(IReadOnlyList<string> items) => _locale.Value.List(items);
}
