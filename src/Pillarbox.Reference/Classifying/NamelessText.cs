using System.Buffers;
using System.Collections.Frozen;
using System.Text;

namespace Pillarbox.Reference.Classifying;

/// <summary>
/// A folded text without what stands for somebody or something in it: addresses, hosts, IP addresses, quoted names. These hold words
/// that say nothing ("spam@example.org", "antivirus.example.net[192.0.2.1]"), and they stand in the midst of words that say much
/// ("user 'ann' unknown", "IP 192.0.2.1 is blocked"). So is what a log adds of its own, and words that are written in two ways are
/// written in one ("mail box", "doesn't"). Each text is gone through once.
/// </summary>
internal static class NamelessText
{
    private const int MaxQuoted = 80;

    // No name is without one of these.
    private static readonly SearchValues<char> Marks = SearchValues.Create("@[=;");

    // "(in reply to RCPT TO command)" of Postfix.
    private const string AnsweredCommand = "(in reply to ";

    // What logs tell of the message and its way: "; from=<ann@example.org> to=<bob@example.net> proto=ESMTP helo=<mx.example.org>".
    private static readonly string[] OfLogs =
        ["from=<", "to=<", "orig_to=<", "proto=", "helo=", "relay=", "ctladdr=", "mailer=", "pri=", "delay=", "delays=", "xdelay=", "dsn=", "size=", "nrcpt=", "conn_use=", "rfc822;"];

    private static readonly FrozenDictionary<string, string> Plain = new Dictionary<string, string>
    {
        ["e-mail"] = "email",
        ["e-mails"] = "emails",
        ["mail-box"] = "mailbox",
        ["can't"] = "cannot",
        ["cant"] = "cannot",
        ["don't"] = "do not",
        ["dont"] = "do not",
        ["doesn't"] = "does not",
        ["doesnt"] = "does not",
        ["isn't"] = "is not",
        ["isnt"] = "is not",
        ["aren't"] = "are not",
        ["couldn't"] = "could not",
        ["couldnt"] = "could not",
        ["wasn't"] = "was not",
        ["weren't"] = "were not",
        ["hasn't"] = "has not",
        ["haven't"] = "have not",
        ["didn't"] = "did not",
        ["won't"] = "will not",
        ["unauthorised"] = "unauthorized",
        ["authorised"] = "authorized",
        ["recognised"] = "recognized",
        ["unrecognised"] = "unrecognized",
        ["blacklisting"] = "blacklist",
        ["adress"] = "address",
        ["addres"] = "address",
        ["recepient"] = "recipient",
        ["recipent"] = "recipient",
        ["receipient"] = "recipient",
        ["receiver"] = "recipient",
        ["addressee"] = "recipient",
        ["exists"] = "exist",
        ["blocklisted"] = "listed",
        ["unkown"] = "unknown",
        ["unknow"] = "unknown",
        ["authentification"] = "authentication",
        ["usr"] = "user",
        ["acount"] = "account",
    }.ToFrozenDictionary();

    // Two words that others write as one.
    private static readonly FrozenDictionary<string, string[]> Pairs = new Dictionary<string, string[]>
    {
        ["box"] = ["mail"],
        ["boxes"] = ["mail"],
        ["not"] = ["can"],
        ["name"] = ["host", "user"],
        ["list"] = ["black", "block"],
        ["listed"] = ["black", "block"],
        ["out"] = ["time"],
        ["quota"] = ["over"],
        ["mail"] = ["e"],
    }.ToFrozenDictionary();

    private static readonly string[] BeforeIp = ["ip", "host", "address", "client", "server", "network", "addr"];

    /// <summary>The text with addresses, and hosts that their IP address stands behind, blanked: nothing of them is a word.</summary>
    public static string Blanked(string folded)
    {
        var text = folded.ToCharArray();
        BlankAnswered(folded, text);
        if (!folded.AsSpan().ContainsAny(Marks))
            return new string(text);
        for (var at = 0; at < text.Length; at++)
        {
            if ((at == 0 || text[at - 1] == ' ') && IsOfLog(folded.AsSpan(at)))
            {
                for (; at < text.Length && text[at] != ' '; at++)
                    text[at] = ' ';
                at--;
            }
            else if (text[at] == '@' && at > 0 && IsOfName(text[at - 1]) && at + 1 < text.Length && char.IsLetterOrDigit(text[at + 1]))
            {
                BlankBack(text, at - 1, isLocal: true);
                text[at] = ' ';
                for (at++; at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] == '-' || (text[at] == '.' && at + 1 < text.Length && text[at + 1] != '.')); at++)
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

            if (text.Length > 0 && !IsSecondOf(bare, text))
                text.Append(' ');
            if (IsIp(bare))
                text.Append("ip").Append(token[end..]);
            else if (Plain.TryGetValue(core.ToString(), out var plain))
                text.Append(plain).Append(token[end..]);
            else
                text.Append(token).Replace('_', ' ', text.Length - token.Length, token.Length);
        }

        return text.ToString();
    }

    private static void BlankAnswered(string folded, char[] text)
    {
        for (var at = folded.IndexOf(AnsweredCommand, StringComparison.Ordinal); at >= 0; at = folded.IndexOf(AnsweredCommand, at + 1, StringComparison.Ordinal))
        {
            var end = folded.IndexOf(')', at);
            Array.Fill(text, ' ', at, (end < 0 ? text.Length : end) - at);
        }
    }

    private static bool IsOfLog(ReadOnlySpan<char> text)
    {
        foreach (var key in OfLogs)
        {
            if (text.StartsWith(key, StringComparison.Ordinal))
                return true;
        }

        return false;
    }

    private static bool IsSecondOf(ReadOnlySpan<char> word, StringBuilder text)
    {
        if (word.Length > 6 || !Pairs.TryGetValue(word.ToString(), out var firsts))
            return false;
        foreach (var first in firsts)
        {
            if (EndsWith(text, first))
                return true;
        }

        return false;
    }

    private static bool EndsWith(StringBuilder text, string word) =>
        text.Length >= word.Length && (text.Length == word.Length || text[text.Length - word.Length - 1] == ' ')
        && text.ToString(text.Length - word.Length, word.Length) == word;

    private static void BlankBack(char[] text, int from, bool isLocal)
    {
        for (; from >= 0 && (isLocal ? IsOfName(text[from]) : char.IsLetterOrDigit(text[from]) || text[from] is '.' or '-'); from--)
            text[from] = ' ';
    }

    private static bool IsOfName(char c) => char.IsLetterOrDigit(c) || c is '.' or '-' or '_' or '+' or '=' or '%' or '~' or '#' or '&' or '!';

    private static bool IsAddress(ReadOnlySpan<char> bare)
    {
        var at = bare.LastIndexOf('@');
        return at > 0 && at + 1 < bare.Length && !bare.ContainsAny('/', '(') && !bare.Contains("..", StringComparison.Ordinal) && char.IsLetterOrDigit(bare[at + 1]);
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
            if (EndsWith(text, word))
                return true;
        }

        return false;
    }
}
