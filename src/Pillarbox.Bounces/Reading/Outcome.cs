using System.Globalization;
using Pillarbox.Reference;

namespace Pillarbox.Bounces.Reading;

/// <summary>What a report says of one recipient, before it is explained.</summary>
/// <param name="Address">The address, or null.</param>
/// <param name="Words">The reply or the words that say what happened; may be empty.</param>
internal sealed record Outcome(string? Address, string Words)
{
    private const int MinReply = 12;
    private const string Passed = " -> ";
    private const string Said = "Remote host said: ";
    private const string GivingUp = "\nGiving up on";
    private const string GaveUp = ": retry timeout exceeded";

    /// <summary>The enhanced code that stands in a field of its own, or null.</summary>
    public string? Status { get; init; }

    /// <summary>What the report says was done: failed, delayed, delivered, relayed, expanded; null where it is in words alone.</summary>
    public string? Action { get; init; }

    /// <summary>The server that spoke, or null.</summary>
    public string? Host { get; init; }

    /// <summary>Words of the report that are not about this recipient alone; asked where its own words tell nothing.</summary>
    public string Around { get; init; } = "";

    /// <summary>Explains it: by the reply in its words, else by its status, else by words without a code, else by what was done.</summary>
    public Explanation Explain(string language)
    {
        var explanation = ByReply(Words, language) ?? ByStatus(language) ?? ByWords(language)
            ?? Explainer.ExplainReason(Done ? ReplyReason.Delivered : ReplyReason.Undefined, Class, Words.Length > 0 ? Words : Around, Done ? 0.9 : 0.3, language);
        if (explanation is { Reason: ReplyReason.HostUnknown, Code: null, Enhanced: null } && IsOfDomain(Words))
            explanation = Explainer.ExplainReason(ReplyReason.DomainUnknown, Class, Words, 0.8, language);
        return Done && explanation.Reason == ReplyReason.Undefined ? explanation with { Reason = ReplyReason.Delivered } : explanation;
    }

    // "Unknown host", said of no host but the one behind the recipient's "@".
    private bool IsOfDomain(string words)
    {
        if (words.Contains("MX", StringComparison.Ordinal) || Address is not { } address || address.LastIndexOf('@') is not (> 0 and var at))
            return false;
        var rest = words.Replace(address, "", StringComparison.OrdinalIgnoreCase);
        return rest.Contains(address[(at + 1)..], StringComparison.OrdinalIgnoreCase) || !rest.Split([' ', '\t', '\n', '(', ')', '<', '>', '\'', '"', ',', ';', ':'], 200).Any(word => word.TrimEnd('.').Contains('.', StringComparison.Ordinal));
    }

    private bool Done => Action is "delivered" or "relayed" or "expanded";

    private ReplyClass Class => Done ? ReplyClass.PositiveCompletion : Action == "delayed" ? ReplyClass.TransientFailure : ReplyClass.PermanentFailure;

    // The reply says more than the status that the reporting server made of it, unless it has none of its own.
    private Explanation? ByReply(string all, string language)
    {
        var context = new ReplyContext(Language: language, Command: AnsweredBy(all));
        var words = Remote(all);
        if (words.Length == 0)
            return null;
        var found = Explainer.ExplainText(words, context);
        var code = found?.Code ?? (found?.Enhanced is null ? CodeInWords.Find(words) : null);
        var enhanced = found?.Enhanced ?? (SameClass(code, Status) ? Status : FindEnhanced(found, code, words));
        if (code is null && enhanced is null)
            return null;

        // The reply's own text first, unless only the words that weighed most are known of it; where that tells nothing, all the words.
        var text = found?.Wording is { Rule: not "words", Evidence: { Length: > 0 } own } ? own : words;
        var whole = Explainer.ExplainReply(code, enhanced, text, $"{words} {Host} {Around}", context);
        if (whole?.Wording?.Rule is null)
            whole = Explainer.ExplainReply(code, enhanced, From(words, found?.Code), $"{words} {Host} {Around}", context) is { Wording.Rule: not null } told
                ? told : Explainer.ExplainReply(code, enhanced, words, $"{Host} {Around}", context);
        else if (found is { Reason: ReplyReason.SenderRejected } && whole.Reason is ReplyReason.UserUnknown or ReplyReason.DomainUnknown or ReplyReason.HostUnknown or ReplyReason.MailboxDisabled or ReplyReason.SyntaxError or ReplyReason.Undefined)
            return found with { Enhanced = whole.Enhanced }; // the words around the reply show that it answered MAIL
        else if (found is not null && whole.Wording is { } wording)
            whole = whole with { Wording = wording with { Evidence = $"{found.Label} {text}" } };
        return whole is null ? found : whole with { Contradictions = found?.Contradictions ?? whole.Contradictions };
    }

    // In the line of the basic code; without one, where the report's own status says no more than that it failed.
    private string? FindEnhanced(Explanation? found, int? code, string words) =>
        code is not { } basic ? found?.Enhanced is null && Status?.EndsWith(".0.0", StringComparison.Ordinal) != false ? CodeInWords.FindEnhanced(words, Class == ReplyClass.TransientFailure ? 400 : 500) : null
        : CodeInWords.FindEnhanced(found is null ? words : LineOf(words, basic.ToString(CultureInfo.InvariantCulture)), basic);

    private static string LineOf(string words, string code)
    {
        var at = words.IndexOf(code, StringComparison.Ordinal);
        var end = at < 0 ? 0 : words.IndexOf('\n', at);
        return at < 0 ? "" : words[at..(end < 0 ? words.Length : end)];
    }

    private Explanation? ByStatus(string language)
    {
        if (Status is not { } status)
            return null;
        var context = new ReplyContext(Language: language);
        var explanation = Explainer.ExplainReply(null, status, Words, $"{Host} {Around}", context);
        if (explanation is { Wording.Rule: null, Reason: ReplyReason.Undefined } && Around.Length > 0)
            explanation = Explainer.ExplainReply(null, status, Around, Host ?? "", context);
        return explanation is { Wording: { } wording } && Words.Length == 0 && wording.Rule is null
            ? explanation with { Wording = wording with { Evidence = $"Status: {status}" } }
            : explanation;
    }

    private Explanation? ByWords(string language)
    {
        if (Cause(SetPhrases.Without(Words)) is { Length: > 0 } cause && Explainer.ExplainWords(cause, $"{Host} {Around}", Class, language) is { } own)
            return own;
        return ByReply(Around, language) ?? Explainer.ExplainWords(Around, Host ?? "", Class, language);
    }

    // From the reply on: what a server says ahead of it is the same whatever happened.
    private static string From(string words, int? code) =>
        code is { } basic && words.IndexOf(basic.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal) is > 0 and var at && LineOf(words[at..], words.Substring(at, 3)).Length >= MinReply ? words[at..] : words;

    // qmail: "Connected to 192.0.2.4 but sender was rejected.\nRemote host said: 550 no\nGiving up on 192.0.2.4."
    private static string? AnsweredBy(string words)
    {
        var at = words.IndexOf(Said, StringComparison.OrdinalIgnoreCase);
        var head = at < 0 ? "" : words[..at];
        return head.Contains("sender was rejected", StringComparison.OrdinalIgnoreCase) ? "MAIL"
            : head.Contains("does not like recipient", StringComparison.OrdinalIgnoreCase) ? "RCPT"
            : head.Contains("after I sent the message", StringComparison.OrdinalIgnoreCase) ? "endOfData" : null;
    }

    // Exchange Online says "550 5.7.350 Remote server returned … -> 554 5.7.1 …": what the remote server said stands behind the arrow.
    private static string Remote(string words)
    {
        var said = words.IndexOf(Said, StringComparison.OrdinalIgnoreCase);
        if (said >= 0 && words[(said + Said.Length)..] is var rest && Explainer.ExplainText(rest) is { Code: not null })
            return rest[..(rest.IndexOf(GivingUp, StringComparison.OrdinalIgnoreCase) is >= 0 and var end ? end : rest.Length)].Trim();
        var at = words.LastIndexOf(Passed, StringComparison.Ordinal);
        return at > 0 && Explainer.ExplainText(words[(at + Passed.Length)..]) is { Code: not null } ? words[(at + Passed.Length)..] : words;
    }

    // Exim says why it did not get through, and then that it tried for long: "mailbox is full: retry timeout exceeded".
    private static string Cause(string words) => words.EndsWith(GaveUp, StringComparison.OrdinalIgnoreCase) ? words[..^GaveUp.Length] : words;

    private static bool SameClass(int? code, string? status) => status is { Length: > 0 } && code is { } basic && status[0] - '0' == basic / 100;
}
