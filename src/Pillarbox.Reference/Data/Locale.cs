using System.Collections.Concurrent;

namespace Pillarbox.Reference.Data;

/// <summary>The texts of one language. What it lacks, English says.</summary>
internal sealed class Locale
{
    private static readonly ConcurrentDictionary<string, Locale?> Opened = new(StringComparer.OrdinalIgnoreCase);

    // What is said of wordings lies in a file of its own: who asks for a code needs none of it.
    private static readonly string[] OfWordings = ["reason ", "advice "];

    private readonly EntryFile<Texts> _file;
    private readonly Lazy<EntryFile<Texts>?> _wordings;

    private Locale(string tag, EntryFile<Texts> file)
    {
        Tag = tag;
        _file = file;
        _wordings = new(() => EntryFile<Texts>.Open($"texts.wordings.{tag}.json", Texts.Parse));
    }

    /// <summary>English: the language that is always there, and that goes over the wire.</summary>
    public static Locale English { get; } = Open("en") ?? throw new InvalidDataException("the English texts are missing");

    /// <summary>The language's BCP 47 tag.</summary>
    public string Tag { get; }

    /// <summary>Every key of the language's files.</summary>
    public IEnumerable<string> Keys => _file.Keys.Concat(_wordings.Value?.Keys ?? []);

    /// <summary>The language of a tag: itself (<c>zh-Hans</c>), else without its last parts (<c>th-TH</c> → <c>th</c>), else English.</summary>
    public static Locale For(string? tag) => Known(tag) is { } known and not "en" ? Opened.GetOrAdd(known, Open) ?? English : English;

    /// <summary>The tag of the language that <see cref="For"/> gives.</summary>
    public static string TagFor(string? tag) => Known(tag) ?? "en";

    /// <summary>Whether <see cref="For"/> finds a language for a tag, and does not fall back on English.</summary>
    public static bool Has(string? tag) => Known(tag) is not null;

    /// <summary>The languages there are.</summary>
    public static string[] Tags { get; } =
    [
        .. typeof(Locale).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith("locale.", StringComparison.Ordinal))
            .Select(name => name["locale.".Length..^".json".Length])
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The texts of a key, or null.</summary>
    public Texts? Find(string key) => FileOf(key)?.Find(key) ?? (ReferenceEquals(this, English) ? null : English.Find(key));

    private EntryFile<Texts>? FileOf(string key) =>
        Array.Exists(OfWordings, prefix => key.StartsWith(prefix, StringComparison.Ordinal)) ? _wordings.Value : _file;

    /// <summary>Whether the language is written from right to left.</summary>
    public bool IsRightToLeft => Label("language direction") == "rtl";

    private bool IsSpacedAroundLatin => Label("language spacing") == "aroundLatin";

    /// <summary>A short text that frames others.</summary>
    public string Label(string key) => Find(key)?.Name ?? throw new InvalidDataException($"{Tag}: no text {key}");

    /// <summary>A short text that frames others, its placeholders filled: <c>{code}</c>, <c>{enhanced}</c>.</summary>
    public string Label(string key, int? code, string? enhanced = null) => FillCodes(Label(key), code, enhanced);

    /// <summary>A sentence with other placeholders.</summary>
    public string Sentence(string key, params ReadOnlySpan<(string Name, string Value)> values)
    {
        var text = Label(key);
        foreach (var (name, value) in values)
            text = IsSpacedAroundLatin ? FillSpaced(text, name, value) : Fill(text, name, value);
        return text;
    }

    /// <summary>A text that counts, in the form that the number asks for; <c>{count}</c> is its place.</summary>
    public string Count(string key, int count)
    {
        var forms = Find(key)?.Forms ?? throw new InvalidDataException($"{Tag}: no forms {key}");
        var text = forms.GetValueOrDefault(Plural.Category(Tag, count)) ?? forms["other"];
        return Fill(text, "count", count.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>Items in a row, as the language joins them.</summary>
    public string List(IReadOnlyList<string> items)
    {
        if (items.Count < 2)
            return items.Count == 0 ? "" : items[0];
        if (items.Count == 2)
            return Sentence("list two", ("first", items[0]), ("second", items[1]));
        var row = items[0];
        for (var i = 1; i < items.Count - 1; i++)
            row = Sentence("list more", ("first", row), ("second", items[i]));
        return Sentence("list last", ("first", row), ("second", items[^1]));
    }

    /// <summary>Puts codes in the places of a text that are for them.</summary>
    public static string FillCodes(string text, int? code, string? enhanced) => Fill(Fill(text, "code", $"{code}"), "enhanced", enhanced ?? "");

    /// <summary>Puts a value in its place.</summary>
    public static string Fill(string text, string name, string value) =>
        text.Contains('{', StringComparison.Ordinal) ? text.Replace($"{{{name}}}", value, StringComparison.Ordinal) : text;

    // Thai, as others without blanks between words, sets them around Latin words and numbers: a text that leaves none at a place gets
    // them where what is put in begins or ends so.
    private static string FillSpaced(string text, string name, string value)
    {
        var place = $"{{{name}}}";
        var at = text.IndexOf(place, StringComparison.Ordinal);
        if (at < 0 || value.Length == 0)
            return text;
        var end = at + place.Length;
        var ahead = at > 0 && IsWord(text[at - 1]) && !IsWord(value[0]) ? " " : "";
        var behind = end < text.Length && IsWord(text[end]) && !IsWord(value[^1]) ? " " : "";
        return FillSpaced($"{text.AsSpan(0, at)}{ahead}{value}{behind}{text.AsSpan(end)}", name, value);
    }

    private static bool IsWord(char c) => c > '\u007f' && char.IsLetter(c);

    private static string? Known(string? tag)
    {
        // The tag may come from a request: only such as the data could have are looked up and remembered.
        for (var rest = tag is { Length: <= 35 } ? tag.Replace('_', '-') : null; !string.IsNullOrEmpty(rest);)
        {
            if (Array.Find(Tags, known => known.Equals(rest, StringComparison.OrdinalIgnoreCase)) is { } found)
                return found;
            var cut = rest.LastIndexOf('-');
            rest = cut > 0 ? rest[..cut] : null;
        }

        return null;
    }

    private static Locale? Open(string tag) =>
        EntryFile<Texts>.Open($"locale.{tag}.json", Texts.Parse) is { } file ? new Locale(tag, file) : null;
}
