using Pillarbox.Reference;

namespace Pillarbox.Configuration;

/// <summary>The language that a user's environment asks for.</summary>
internal static class EnvironmentLanguage
{
    // The first that is set and not empty counts, whether there is such a language or not (POSIX.1-2024, XBD 8.2).
    private static readonly string[] Variables = ["LC_ALL", "LC_MESSAGES", "LANG"];

    /// <summary>The language, as a BCP 47 tag: <c>th_TH.UTF-8</c> is <c>th</c>; English where nothing is set, or nothing known.</summary>
    public static string Of(IReadOnlyDictionary<string, string> environment)
    {
        foreach (var variable in Variables)
        {
            if (environment.GetValueOrDefault(variable) is { Length: > 0 } locale)
                return ReferenceLanguage.For(TagOf(locale)).Tag;
        }

        return "en";
    }

    // language[_territory][.codeset][@modifier]; C and POSIX are no tags of a language, so they give English.
    private static string TagOf(string locale)
    {
        var end = locale.AsSpan().IndexOfAny('.', '@');
        return (end < 0 ? locale : locale[..end]).Replace('_', '-');
    }
}
