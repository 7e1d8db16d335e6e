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

    /// <summary>What the address asks for beside the language, so that it stays when that changes: the words of a search, a code.</summary>
    public (string Name, string Value)? Asked { get; init; }

    /// <summary>A text that frames a page.</summary>
    public string Say(string key) => Language.Label($"page {key}");

    /// <summary>The same, with its places filled.</summary>
    public string Say(string key, params ReadOnlySpan<(string Name, string Value)> values) => Language.Label($"page {key}", values);

    /// <summary>A path of the reference, in the page's language where that was asked for.</summary>
    public string Link(string path) => IsLanguageAsked ? $"{path}?lang={Language.Tag}" : path;

    /// <summary>This page in a language, with what was asked for beside it.</summary>
    public string InLanguage(string tag) => $"{Path}?lang={tag}{(Asked is var (name, value) ? $"&{name}={Uri.EscapeDataString(value)}" : "")}";

    /// <summary>A code explained in the page's language; null where it is none.</summary>
    public Explanation? Find(string code) => ReplyReference.Find(code, new ReplyContext(Language: Language.Tag));

    /// <summary>Why a reply was given, by its name in the page's language.</summary>
    public string ReasonName(Explanation meaning)
    {
        ArgumentNullException.ThrowIfNull(meaning);
        return ReplyReference.FindReason(meaning.Reason.ToName(), Language.Tag)!.Name;
    }
}
