using System.Text;

namespace Pillarbox.Reference.Classifying;

/// <summary>
/// A folded text without what stands for somebody or something in it: addresses, hosts, IP addresses, quoted names. These hold words
/// that say nothing ("spam@example.org", "antivirus.example.net[192.0.2.1]"), and they stand in the midst of words that say much
/// ("user 'ann' unknown", "IP 192.0.2.1 is blocked"). Each text is gone through once.
/// </summary>
internal static class NamelessText
{
    private const int MaxQuoted = 80;

    /// <summary>Underscores of a token from which on they stand for blanks, as in qmail's log.</summary>
    private const int ManyUnderscores = 2;

    private static readonly string[] BeforeIp = ["ip", "host", "address", "client", "server", "network", "addr"];

    /// <summary>The text with addresses, and hosts that their IP address stands behind, blanked: nothing of them is a word.</summary>
    public static string Blanked(string folded)
    {
        if (!folded.AsSpan().ContainsAny('@', '['))
            return folded;
        var text = folded.ToCharArray();
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '@' && at > 0 && IsOfName(text[at - 1]) && at + 1 < text.Length && char.IsLetterOrDigit(text[at + 1]))
            {
                BlankBack(text, at - 1, isLocal: true);
                text[at] = ' ';
                for (at++; at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] is '.' or '-'); at++)
                    text[at] = ' ';
                at--;
            }
            else if (text[at] == '[' && at > 0 && at + 1 < text.Length && char.IsAsciiHexDigit(text[at + 1]))
            {
                if (char.IsLetterOrDigit(text[at - 1]))
                {
                    BlankBack(text, at - 1, isLocal: false);
                    for (; at < text.Length && text[at] != ']' && text[at] != ' '; at++)
                        text[at] = ' ';
                }
            }
        }

        return new string(text);
    }

    /// <summary>The text with names left out, so that the words around them stand together.</summary>
    public static string Without(string folded)
    {
        var text = new StringBuilder(folded.Length);
        foreach (var range in folded.AsSpan().Split(' '))
        {
            var token = folded.AsSpan()[range];
            if (token.IsEmpty)
                continue;
            var end = token.Length;
            while (end > 0 && token[end - 1] is '.' or ',' or ':' or ';' or '!' or '?')
                end--;
            var core = token[..end];
            var bare = core.Trim("<>()[]{}\"'`");
            var isName = IsIp(bare) ? IsAfterItsWord(text) : IsAddress(bare) || IsHost(bare) || IsQuoted(core, bare);
            if (isName || (bare.IsEmpty && !core.IsEmpty && core.Length == 2))
            {
                text.Append(token[end..]);
                continue;
            }

            if (text.Length > 0)
                text.Append(' ');
            if (IsIp(bare))
                text.Append("ip").Append(token[end..]);
            else if (token.Count('_') >= ManyUnderscores)
                text.Append(token).Replace('_', ' ', text.Length - token.Length, token.Length);
            else
                text.Append(token);
        }

        return text.ToString();
    }

    private static void BlankBack(char[] text, int from, bool isLocal)
    {
        for (; from >= 0 && (isLocal ? IsOfName(text[from]) : char.IsLetterOrDigit(text[from]) || text[from] is '.' or '-'); from--)
            text[from] = ' ';
    }

    private static bool IsOfName(char c) => char.IsLetterOrDigit(c) || c is '.' or '-' or '_' or '+' or '=' or '%' or '~' or '#' or '&' or '!';

    private static bool IsAddress(ReadOnlySpan<char> bare)
    {
        var at = bare.LastIndexOf('@');
        return at > 0 && at + 1 < bare.Length && !bare.ContainsAny('/', '(') && char.IsLetterOrDigit(bare[at + 1]);
    }

    private static bool IsHost(ReadOnlySpan<char> bare)
    {
        var dot = bare.LastIndexOf('.');
        if (dot < 1 || bare.Length - dot < 3)
            return false;
        foreach (var c in bare[(dot + 1)..])
        {
            if (!char.IsAsciiLetter(c))
                return false;
        }

        foreach (var c in bare[..dot])
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-' or '_'))
                return false;
        }

        return !bare.Contains("..", StringComparison.Ordinal);
    }

    private static bool IsIp(ReadOnlySpan<char> bare)
    {
        if (bare.Length < 3)
            return false;
        var (dots, colons) = (bare.Count('.'), bare.Count(':'));
        foreach (var c in bare)
        {
            if (!(char.IsAsciiDigit(c) || c is '.' or ':' || (colons > 1 && char.IsAsciiHexDigit(c))))
                return false;
        }

        return dots == 3 || colons > 2;
    }

    private static bool IsQuoted(ReadOnlySpan<char> core, ReadOnlySpan<char> bare) =>
        core.Length is > 2 and <= MaxQuoted && core.Length >= bare.Length + 2
        && (core[0], core[^1]) is ('\'', '\'') or ('"', '"') or ('<', '>') or ('`', '\'') && !bare.Contains('=');

    private static bool IsAfterItsWord(StringBuilder text)
    {
        foreach (var word in BeforeIp)
        {
            if (text.Length >= word.Length && text.ToString(text.Length - word.Length, word.Length) == word)
                return true;
        }

        return false;
    }
}
