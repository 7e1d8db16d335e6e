using Pillarbox.Reference;

namespace Pillarbox.WebConsole.ReferencePages;

/// <summary>What every page of the reference knows of how it was asked for.</summary>
public sealed record ReferenceView
{
    /// <summary>The language of the page.</summary>
    public required ReferenceLanguage Language { get; init; }

    /// <summary>Whether the address names the language; the browser's own wishes chose it otherwise.</summary>
    public required bool IsLanguageAsked { get; init; }

    /// <summary>Scheme and host as the browser knows them, without a slash at the end.</summary>
    public required string Origin { get; init; }

    /// <summary>The page's own path.</summary>
    public required string Path { get; init; }

    /// <summary>A text that frames a page.</summary>
    public string Say(string key) => Language.Label($"page {key}");

    /// <summary>The same, with its places filled.</summary>
    public string Say(string key, params ReadOnlySpan<(string Name, string Value)> values) => Language.Label($"page {key}", values);

    /// <summary>A path of the reference, in the page's language where that was asked for.</summary>
    public string Link(string path) => IsLanguageAsked ? $"{path}?lang={Language.Tag}" : path;

    /// <summary>This page in a language.</summary>
    public string InLanguage(string tag) => $"{Path}?lang={tag}";
}
