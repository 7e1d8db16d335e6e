using System.Buffers;
using MimeKit;

namespace Pillarbox.Bounces.Reading;

/// <summary>A line that begins with an address, as reports in words have them.</summary>
internal static class AddressLine
{
    private const int MaxLine = 1000;
    private const int MaxAddress = 320;
    private const string InName = "SMTP=";
    private const string InBrackets = "Rcpt=[";
    private const string Fault = "];Error=[";

    private const int MaxReason = 400;

    // What a line says that ends with whom it says it of.
    private static readonly SearchValues<string> Reasons = SearchValues.Create(
    [
        "unknown user", "user unknown", "unknown recipient", "recipient unknown", "unknown host", "host unknown", "unknown domain",
        "unknown address", "unknown local", "unknown mailbox", "no such", "not found", "exceeds allowed", "is full", "mailbox full",
        "over quota", "over its quota", "quota exceeded", "out of space", "undeliverable to", "invalid ", "bad address", "cannot deliver",
        "could not deliver", "unable to deliver", "delivery failed", "account disabled", "user disabled", "not accepted",
        "rejected address", "relaying denied",
    ], StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<char> InDomain = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_");

    private static readonly SearchValues<char> NotInLocalPart = SearchValues.Create("<> \t()[],;:");

    private static readonly SearchValues<char> Ends = SearchValues.Create(" \t>\"')],;:");

    // What may stand ahead of it: "To: ann@example.org", "Recipient: <ann@example.org>", "  ann@example.org", "* ann@example.org".
    private static readonly string[] Leads =
    [
        "to:", "recipient:", "recipients:", "final-recipient:", "original-recipient:", "recipient address:", "address:", "e-mail:",
        "email:", "failed recipient:", "rcpt:", "user:", "rfc822;", "smtp:",
        "failed to deliver to", "could not be delivered to:", "delivery to", "unable to deliver to", "undeliverable to",
        "not delivered to:", "recipient email address:", "adresse:", "an:", "empfänger:", "destinataire:", "destinatario:", "宛先:", "收件人:",
        "-", "*",
    ];

    /// <summary>The address and what follows it in its line; null where the line begins with something else.</summary>
    public static (string Address, string Tail)? Find(string line)
    {
        if (line.Length > MaxLine)
            return null;
        var text = line.Replace('\uff1a', ':').AsSpan().Trim(" \t>|");
        if (text.IndexOf(InBrackets) is >= 0 and var rcpt)
            return Bracketed(text[(rcpt + InBrackets.Length)..]);
        foreach (var lead in Leads)
        {
            if (text.StartsWith(lead, StringComparison.OrdinalIgnoreCase))
                text = text[lead.Length..].TrimStart();
        }

        // "c=no;a= ;p=fjord;o=oslo;dda:SMTP=nils@fjord.example; on Thu, …": an X.400 name that holds an address (old Exchange).
        if (text.StartsWith("c=", StringComparison.OrdinalIgnoreCase) && text.IndexOf(InName, StringComparison.OrdinalIgnoreCase) is > 0 and var name)
            text = text[(name + InName.Length)..];
        if (QuotedLocalPart(text) is { } quoted)
            return (quoted, "");
        var isQuoted = text.Length > 0 && text[0] is '<' or '"' or '\'' or '[' or '(';
        var start = text.TrimStart("<\"'[(");
        var end = start.IndexOfAny(Ends);
        var address = (end < 0 ? start : start[..end]).ToString();
        if (!IsAddress(address))
            return null;
        var behind = end < 0 ? "" : start[end..].TrimStart(" \t").ToString();
        var rest = behind.TrimStart('>', '"', '\'', ')', ']', ':', ',', ';', ' ', '\t', '.');

        // "ann@example.org wrote:" and other prose is no such line; what follows has to begin as something of its own.
        return rest.Length == 0 || isQuoted || end >= 0 && start[end] is ':' or ',' or ';' || behind.StartsWith("..", StringComparison.Ordinal) || IsAside(rest) ? (address, rest) : null;
    }

    // "[00] XMail bounce: Rcpt=[bob@example.net];Error=[550 no]"
    private static (string Address, string Tail)? Bracketed(ReadOnlySpan<char> text)
    {
        var end = text.IndexOf(Fault);
        return end > 0 && IsAddress(text[..end].ToString()) ? (text[..end].ToString(), text[(end + Fault.Length)..].TrimEnd("] ").ToString()) : null;
    }

    // "Ann Smith"@example.org and nothing else.
    private static string? QuotedLocalPart(ReadOnlySpan<char> text)
    {
        var end = text.Length > 2 && text[0] == '"' ? text[1..].IndexOf("\"@") : -1;
        return end > 0 && text[(end + 3)..].TrimEnd(">:").IndexOfAny(" \t") < 0 && IsAddress($"x@{text[(end + 3)..].TrimEnd(">:")}") ? text.TrimEnd(">:").ToString() : null;
    }

    /// <summary>The address that a line ends with, and what it says ahead of it: "Unknown user: bob@example.net", "Mailbox is full for &lt;bob@example.net&gt;".</summary>
    public static (string Address, string Tail)? BehindReason(string line)
    {
        var text = line.AsSpan().Trim(" \t>|*").TrimEnd(".:;,");
        var blank = text.LastIndexOfAny(" \t:");
        if (blank < 4 || line.Length > MaxReason || !text[..blank].ContainsAny(Reasons) || text[..blank].ContainsAny('@', '<') || text[..blank].IndexOfAnyInRange('0', '9') >= 0 && CodeInWords.Find(text[..blank].ToString()) is not null)
            return null;
        var address = text[(blank + 1)..].Trim("<>\"'[]()").ToString();
        return IsAddress(address) && (text[blank] == ':' || text[..(blank + 1)].TrimEnd() is [.., ':'] || IsPreposition(text[..blank])) ? (address, text[..(blank + 1)].Trim(" \t").ToString()) : null;
    }

    private static bool IsPreposition(ReadOnlySpan<char> text) =>
        text[(text.LastIndexOf(' ') + 1)..] is var word && (word.Equals("for", StringComparison.OrdinalIgnoreCase) || word.Equals("to", StringComparison.OrdinalIgnoreCase) || word.Equals("user", StringComparison.OrdinalIgnoreCase));

    /// <summary>The first address in a text, but for those that are not meant.</summary>
    public static string? First(string text, IReadOnlySet<string> others)
    {
        foreach (var word in text.Split([' ', '\t', '\r', '\n', '<', '>', '"', '\'', '(', ')', '[', ']', ',', ';', ':'], StringSplitOptions.RemoveEmptyEntries))
        {
            var address = word.TrimEnd('.');
            if (IsAddress(address) && !others.Contains(address) && !address.StartsWith("mailer-daemon@", StringComparison.OrdinalIgnoreCase)
                && !address.StartsWith("postmaster@", StringComparison.OrdinalIgnoreCase))
                return address;
        }

        return null;
    }

    /// <summary>The addresses that a message comes from and goes to.</summary>
    public static HashSet<string> Own(MimeMessage message) =>
        message.From.Mailboxes.Concat(message.To.Mailboxes).Select(one => one.Address).ToHashSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a word has the form of an address; its domain may be one label, as inside an organization.</summary>
    public static bool IsAddress(string word)
    {
        var at = word.LastIndexOf('@');
        return word.Length <= MaxAddress && at > 0 && at < word.Length - 1 && char.IsLetterOrDigit(word[^1])
            && !word.AsSpan(at + 1).ContainsAnyExcept(InDomain) && !word.AsSpan(0, at).ContainsAny(NotInLocalPart);
    }

    // "(generated from bob@example.org)", "(reason: 550 …)", "on Fri, 3 Nov 2006", "... User unknown", "#550 5.1.1", "550 5.1.1 no".
    private static bool IsAside(string rest) =>
        rest[0] is '(' or '[' or '#' or '.' or '-' or '=' or '|' || char.IsAsciiDigit(rest[0]) || rest.StartsWith("on ", StringComparison.Ordinal);
}
