using System.Collections.Concurrent;
using System.Globalization;
using Pillarbox.Reference;

namespace Pillarbox.WebConsole.ReferencePages;

/// <summary>A code in the list.</summary>
/// <param name="Meaning">The code explained.</param>
/// <param name="Hidden">What it is found by beside its label, name and meaning: in lower case.</param>
public sealed record IndexEntry(Explanation Meaning, string Hidden)
{
    private readonly string _words = $"{Meaning.Name} {Meaning.Meaning} {Hidden}".ToLowerInvariant();

    /// <summary>Whether a word of a search finds it; the page's script asks the same.</summary>
    public bool IsFoundBy(string word) =>
        word.StartsWith("x.", StringComparison.Ordinal) ? Meaning.Label.AsSpan(1).StartsWith(word.AsSpan(1), StringComparison.Ordinal)
        : IsCode(word) ? Meaning.Label.StartsWith(word, StringComparison.Ordinal)
        : _words.Contains(word, StringComparison.Ordinal);

    private static bool IsCode(string word) => word.All(c => char.IsAsciiDigit(c) || c is '.' or '-');
}

/// <summary>Codes of one kind, under a heading.</summary>
/// <param name="Id">Its anchor.</param>
/// <param name="Heading">Its heading.</param>
/// <param name="About">What they have in common; empty where the heading says it all.</param>
/// <param name="Entries">The codes.</param>
public sealed record IndexGroup(string Id, string Heading, string About, IReadOnlyList<IndexEntry> Entries);

/// <summary>Groups under one heading.</summary>
/// <param name="Id">Its anchor.</param>
/// <param name="Heading">Its heading.</param>
/// <param name="Groups">The groups.</param>
public sealed record IndexPart(string Id, string Heading, IReadOnlyList<IndexGroup> Groups);

/// <summary>The whole list in one language: basic codes by class, enhanced ones by subject, then what stands outside the standards.</summary>
public sealed class ReferenceIndex
{
    private const int Subjects = 8;

    private static readonly ConcurrentDictionary<string, ReferenceIndex> Made = new(StringComparer.Ordinal);

    private ReferenceIndex(ReferenceLanguage language)
    {
        var english = ReferenceLanguage.For("en").Tag;
        var entries = ReplyReference.List(language.Tag)
            .Zip(ReplyReference.List(english), (one, plain) => new IndexEntry(one, Hidden(one, plain))).ToList();
        var ruled = entries.Where(one => one.Meaning.Standing is ReplyStanding.Standard or ReplyStanding.Registered).ToLookup(one => one.Meaning.Code is null);
        Parts =
        [
            new("basic", Say("basic"), Filled(Enumerable.Range(2, 4).Select(digit =>
                Group($"{digit}yz", $"group.{digit}", $"group.{digit}.about", ruled[false].Where(one => one.Meaning.Code / 100 == digit))))),
            new("enhanced", Say("enhanced"), Filled(Enumerable.Range(0, Subjects).Select(subject =>
                Group($"x.{subject}", $"group.x{subject}", null, ruled[true].Where(one => SubjectOf(one.Meaning) == subject))))),
            new("others", Say("others"), Filled(
            [
                Group("vendor", "group.vendor", "group.vendor.about", entries.Where(one => one.Meaning.Standing is ReplyStanding.Vendor)),
                Group("folklore", "group.folklore", "group.folklore.about", entries.Where(one => one.Meaning.Standing is ReplyStanding.Folklore)),
            ])),
        ];
        Groups = [.. Parts.SelectMany(part => part.Groups)];
        Entries = [.. Groups.SelectMany(group => group.Entries)];

        string Say(string key) => language.Label($"page {key}");
        IndexGroup Group(string id, string heading, string? about, IEnumerable<IndexEntry> some) =>
            new(id, Say(heading), about is null ? "" : Say(about), [.. some]);
    }

    /// <summary>The parts of the list.</summary>
    public IReadOnlyList<IndexPart> Parts { get; }

    /// <summary>The groups of all parts.</summary>
    public IReadOnlyList<IndexGroup> Groups { get; }

    /// <summary>The codes, as the list shows them.</summary>
    public IReadOnlyList<IndexEntry> Entries { get; }

    /// <summary>The list in a language, made once.</summary>
    public static ReferenceIndex In(ReferenceLanguage language)
    {
        ArgumentNullException.ThrowIfNull(language);
        return Made.GetOrAdd(language.Tag, static (_, language) => new ReferenceIndex(language), language);
    }

    /// <summary>The words of a search.</summary>
    public static string[] Words(string search)
    {
        ArgumentNullException.ThrowIfNull(search);
        return search.ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
    }

    // In any language a code is found by its English words too, and by the words that programs know it by.
    private static string Hidden(Explanation one, Explanation english)
    {
        List<string> words = [.. one.Commands, one.Reason.ToName()];
        if (one.Lang != english.Lang)
            words.AddRange([english.Name, english.Meaning]);
        return string.Join(' ', words).ToLowerInvariant();
    }

    private static int? SubjectOf(Explanation one) =>
        one.Enhanced?.Split('.') is [_, var subject, ..] ? int.Parse(subject, CultureInfo.InvariantCulture) : null;

    private static IReadOnlyList<IndexGroup> Filled(IEnumerable<IndexGroup> groups) => [.. groups.Where(group => group.Entries.Count > 0)];
}
