namespace Pillarbox.Reference.Reading;

/// <summary>Weighs what stands before a number in its line: does it lead to a reply?</summary>
internal static class Leads
{
    /// <summary>From here on, scripts write their words without blanks between: Chinese, Japanese.</summary>
    public const char Unspaced = '\u2e80';

    private const int MaxWord = 64;

    private static readonly string[] Words =
    [
        "said", "says", "code", "error", "err", "reply", "replied", "replies", "response", "responded", "returned", "returns", "got", "smtp",
        "status", "answer", "answered", "failed", "failure", "with", "rejected", "statuscode", "responsecode", "smtpcode", "retcode",
        "led", "stat", "server", "reject", "message",
        "fehler", "erreur", "errore", "erro", "fout", "fel", "fejl", "feil", "virhe", "chyba", "hiba", "kod", "kode", "código", "codigo",
        "błąd", "kód", "ошибка", "код",
        "помилка", "грешка", "σφάλμα", "eroare", "hata", "lỗi", "mã", "kesalahan", "ralat", "antwort", "réponse", "respuesta", "risposta",
        "resposta", "odpowiedź", "ответ",
    ];

    // PHPMailer and its like: "SMTP error, RCPT:550 ...", "DATA:554 ...".
    private static readonly string[] Commands = ["connect", "helo", "ehlo", "auth", "mail", "rcpt", "data", "dot", "quit", "starttls", "noop", "rset"];

    // What else programs print a number behind.
    private static readonly string[] OtherWords =
        ["port", "size", "length", "limit", "line", "pid", "uid", "gid", "delay", "count", "score", "timeout", "ticket", "total", "max", "id", "rule", "case", "bytes"];

    private static readonly string[] StatusWords = ["dsn", "status", "code", "enhanced", "error", "smtp", "said", "reply", "response", "returned"];

    /// <summary>Whether there is nothing but quotes, brackets and the arrows that tools print.</summary>
    public static bool IsPrompt(ReadOnlySpan<char> before)
    {
        before = before.Length > MaxWord ? before : before.Trim(" \t\"'`([{<>*=~#|-_\u201c\u2018\u00ab\ufeff");
        return before.IsEmpty || before is "S:" or "R:" || before.Equals("server:", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether a basic code may follow without an enhanced one behind it.</summary>
    public static bool ToCode(ReadOnlySpan<char> before)
    {
        var trimmed = before.TrimEnd(" \t_");
        if (trimmed.IsEmpty)
            return true;
        var adjacent = trimmed.Length == before.Length;
        var last = trimmed[^1];
        switch (last)
        {
            case ':' when !adjacent:
                return !IsAnyOf(LastWord(trimmed[..^1].TrimEnd("\"' ")), OtherWords);
            case ';' or '"' or '\'' or '#' or '<' or '>' or '|' or '`' or '\u201c' or '\u2018' or '\u00ab':
                return true;
            case ':' or '=':
                return LastWord(trimmed[..^1].TrimEnd("\"' ")) is var word && (IsAnyOf(word, Words) || (last == ':' && IsAnyOf(word, Commands)));
            case '(' or '[' or '{': // smtpd[550] is a process
                return trimmed.Length == 1 || !char.IsLetterOrDigit(trimmed[^2]) || (last == '(' && IsAnyOf(LastWord(trimmed[..^1]), Words));
            case ']':
                return !adjacent; // mx.example.org[192.0.2.1] 550
            default:
                return last >= Unspaced || (!adjacent && (IsAnyOf(LastWord(trimmed), Words) || IsHost(LastToken(trimmed))));
        }
    }

    /// <summary>Whether an enhanced code may follow that has no basic code before it: version numbers look the same.</summary>
    public static bool ToStatus(ReadOnlySpan<char> before)
    {
        var trimmed = before.TrimEnd(" \t_");
        if (trimmed.IsEmpty || IsPrompt(before))
            return true;
        return trimmed[^1] switch
        {
            '#' or ';' or '"' or '\'' or '(' or '[' or '\u201c' or '\u2018' => true,
            ':' => trimmed.Length < before.Length || IsAnyOf(LastWord(trimmed[..^1]), StatusWords),
            '=' => IsAnyOf(LastWord(trimmed[..^1]), StatusWords),
            _ => IsAnyOf(LastWord(trimmed), StatusWords),
        };
    }

    private static bool IsAnyOf(ReadOnlySpan<char> word, string[] words)
    {
        foreach (var known in words)
        {
            if (word.Equals(known, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    private static ReadOnlySpan<char> LastWord(ReadOnlySpan<char> text)
    {
        var at = text.Length;
        while (at > 0 && text.Length - at < MaxWord && char.IsLetter(text[at - 1]))
            at--;
        return text[at..];
    }

    private static ReadOnlySpan<char> LastToken(ReadOnlySpan<char> text)
    {
        var at = text.Length;
        while (at > 0 && text.Length - at < 256 && text[at - 1] is not (' ' or '\t'))
            at--;
        return text[at..];
    }

    private static bool IsHost(ReadOnlySpan<char> token)
    {
        if (token.Length > 255 || token.IndexOf('.') < 1)
            return false;
        var letters = false;
        var last = '.';
        foreach (var c in token.TrimEnd(":0123456789"))
        {
            if (!(char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '[' or ']') || (c == '.' && last == '.'))
                return false;
            letters |= char.IsAsciiLetter(c);
            last = c;
        }

        return letters && last != '.';
    }
}
