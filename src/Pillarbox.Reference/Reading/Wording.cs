namespace Pillarbox.Reference.Reading;

/// <summary>Whether a reply's words say for how long it holds.</summary>
internal static class Wording
{
    private static readonly string[] Permanent =
        ["permanent", "permanently", "do not retry", "don't retry", "do not try again", "fatal error", "fatal failure", "no further attempts"];

    private static readonly string[] Temporary =
    [
        "temporarily", "again later", "try later", "retry later", "greylisted", "graylisted", "greylisting", "graylisting",
        "temporary failure", "temporary error", "temporary problem", "temporary rejection", "temporary block", "temporary lookup",
        "temporary local", "temporary system", "temporary server", "temporary authentication", "temporary condition", "temporary issue",
    ];

    private static readonly string[] Negations = ["not ", "not a ", "non-", "non ", "isn't ", "never "];

    /// <summary>That the failure is for good.</summary>
    public static bool SaysPermanent(ReadOnlySpan<char> text) => Says(text, Permanent);

    /// <summary>That the failure will pass.</summary>
    public static bool SaysTemporary(ReadOnlySpan<char> text) => Says(text, Temporary);

    private static bool Says(ReadOnlySpan<char> text, string[] phrases)
    {
        foreach (var phrase in phrases)
        {
            for (var from = 0; from < text.Length;)
            {
                var at = text[from..].IndexOf(phrase, StringComparison.OrdinalIgnoreCase);
                if (at < 0)
                    break;
                at += from;
                from = at + phrase.Length;
                if (IsApart(text, at, from) && !IsDenied(text[..at]))
                    return true;
            }
        }

        return false;
    }

    // A word, and not a part of an address, a URL or a host's name: permanent@example.org, permanent.example.
    private static bool IsApart(ReadOnlySpan<char> text, int start, int end)
    {
        if (start > 0 && (char.IsLetterOrDigit(text[start - 1]) || text[start - 1] is '@' or '.' or '/' or '-' or '_'))
            return false;
        if (end == text.Length)
            return true;
        return text[end] == '.' ? end + 1 == text.Length || !char.IsLetterOrDigit(text[end + 1])
            : !char.IsLetterOrDigit(text[end]) && text[end] is not ('@' or '-' or '_' or '/');
    }

    private static bool IsDenied(ReadOnlySpan<char> before)
    {
        foreach (var negation in Negations)
        {
            if (before.EndsWith(negation, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
