using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Pillarbox.Reference.Classifying;
using Pillarbox.Reference.Data;
using Pillarbox.Reference.Reading;

namespace Pillarbox.Reference;

/// <summary>Explains a reply that comes as text: from a log, a bounce, a transcript, an error message.</summary>
public static class Explainer
{
    private const int MaxEvidence = 512;

    /// <summary>What is read of a text at one time.</summary>
    private const int BlockLength = 32_768;

    /// <summary>A longer text is no code, whatever blanks are around it.</summary>
    private const int MaxCode = 128;

    /// <summary>How sure the words are, at most, that an enhanced code with a detail of its own outweighs.</summary>
    private const double VagueWords = 0.82;

    /// <summary>The same of words that are rather a guess, whatever they tell.</summary>
    private const double GuessedWords = 0.7;

    /// <summary>What of a reply's text is read right behind its code.</summary>
    private const int MaxStart = 96;

    /// <summary>How sure a wording must be of its reason where no code stands beside it.</summary>
    private const double SureWithoutCode = 0.65;

    /// <summary>The same where the words could be anybody's; only a short text is taken for such.</summary>
    private const double SureOfAnybody = 0.7;

    /// <summary>Finds a reply in a text and explains it by its codes and its words; what these contradict is named too.</summary>
    /// <param name="text">
    /// Any text, however hostile: the time is linear, and only the first 32,768 characters count. Of several replies, the first that
    /// failed is taken.
    /// </param>
    /// <param name="context">What else is known, the language among it. A command that is not given is taken from the text if it names one.</param>
    /// <returns>Null where the text holds no reply.</returns>
    public static Explanation? ExplainText(string text, ReplyContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        context ??= ReplyContext.Default;
        if (ReplyFinder.Find(text) is not { } reply)
            return ExplainSure(text, context);
        if (context.Command is null && AnsweredCommand.Find(text) is { } command)
            context = context with { Command = command };
        if (ReplyReference.Explain(reply.Code, reply.Enhanced, context) is not { } explanation)
            return null;
        explanation = explanation with { Contradictions = Contradictions.Of(explanation, reply) };
        var words = reply.Text.Length > 0 ? reply.Text : text;
        return Refiner.Refine(explanation, Decide(Match(reply, text), explanation, words, context.Command), Evidence(words));
    }

    /// <summary>
    /// Explains what somebody gives: a code as <see cref="ReplyReference.Find"/> takes it, else a text of any length, its first reply that failed, else
    /// its first reply, however far behind it stands. <see cref="ExplainText"/> reads a block at a time.
    /// </summary>
    /// <returns>Null where it is no code and holds no reply.</returns>
    public static Explanation? ExplainLongText(string text, ReplyContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        return ReplyReference.Find(text.Length > MaxCode ? "" : text.Trim(), context) ?? ExplainBlocks(text, context);
    }

    /// <summary>Explains a reply whose codes are known apart from its text, as a delivery report has them (RFC 3464 §2.3).</summary>
    /// <param name="code">The basic code, or null.</param>
    /// <param name="enhanced">The enhanced code, or null.</param>
    /// <param name="text">The words; may be empty.</param>
    /// <param name="around">What shows whose words these are, such as the name of the host; may be empty.</param>
    /// <param name="context">What else is known, the language among it.</param>
    /// <returns>Null where there is no code, or none that is well-formed.</returns>
    public static Explanation? ExplainReply(int? code, string? enhanced, string text, string around = "", ReplyContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(around);
        if (ReplyReference.Explain(code, enhanced, context) is not { } explanation)
            return null;
        var match = Classifier.Classify(WithCodes(code, enhanced, text), code, enhanced, $"{text} {around}");
        return Refiner.Refine(explanation, Decide(match, explanation, text, context?.Command), Evidence(text));
    }

    /// <summary>Explains words that are known to tell of a delivery and have no code beside them, as many reports have.</summary>
    /// <param name="text">The words.</param>
    /// <param name="around">What shows whose words these are; may be empty.</param>
    /// <param name="replyClass">Whether it went well, was put off, or failed.</param>
    /// <param name="language">The language, as a BCP 47 tag.</param>
    /// <returns>Null where they tell nothing that is known.</returns>
    public static Explanation? ExplainWords(string text, string around, ReplyClass replyClass, string language = "en")
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(around);
        var match = Classifier.Classify(text, null, null, $"{text} {around}");
        return match.Rule is { } rule
            ? Refiner.FromReason(rule.Reason, replyClass, Locale.For(language), rule, Refiner.WordingOf(match, rule, Evidence(text), null))
            : null;
    }

    /// <summary>What a reason means by itself, where nothing has a code: an automatic answer, a report of a failure in words alone.</summary>
    /// <param name="reason">The reason.</param>
    /// <param name="replyClass">Whether it went well, was put off, or failed.</param>
    /// <param name="evidence">The words that tell.</param>
    /// <param name="confidence">How sure that is, 0 to 1.</param>
    /// <param name="language">The language, as a BCP 47 tag.</param>
    public static Explanation ExplainReason(ReplyReason reason, ReplyClass replyClass, string evidence = "", double confidence = 1, string language = "en") =>
        Refiner.FromReason(reason, replyClass, Locale.For(language), null, new ReplyWording
        {
            Provider = null,
            ProviderName = null,
            Confidence = confidence,
            Evidence = Evidence(evidence),
        });

    /// <summary>As <see cref="ExplainText"/>, for those who ask with an <c>if</c>.</summary>
    public static bool TryExplainText(string text, [NotNullWhen(true)] out Explanation? explanation, ReplyContext? context = null)
    {
        explanation = ExplainText(text, context);
        return explanation is not null;
    }

    // The reply's own words first; where they tell nothing, what stands around them may, if it is clear: reports hold many words of their own.
    private static WordingMatch Match(ReadReply reply, string text)
    {
        var match = Classifier.Classify(WithCodes(reply.Code, reply.Enhanced, reply.Text), reply.Code, reply.Enhanced, around: text);
        if (match.Rule is not null)
            return match;
        var around = Classifier.Classify(text, reply.Code, reply.Enhanced, around: text);
        return around.Rule is { IsGeneral: true, Confidence: <= VagueWords } ? match : around;
    }

    // The rules first, unless the code says more; where neither is sure, what the words weigh.
    private static WordingMatch Decide(WordingMatch match, Explanation explanation, string text, string? command) =>
        OfSender(Weighed.Surer(Surer(OfSender(match, explanation, command), explanation), explanation, text), explanation, command);

    // What answers MAIL, and what has a code of senders, speaks of the sender: "does not exist", said so, is not said of the recipient.
    private static WordingMatch OfSender(WordingMatch match, Explanation explanation, string? command) =>
        (command == "MAIL" || explanation.Enhanced is ['4' or '5', '.', '1', '.', '7' or '8']) && match.Rule is { IsGeneral: true, Reason: ReplyReason.UserUnknown or ReplyReason.DomainUnknown or ReplyReason.HostUnknown or ReplyReason.MailboxDisabled } rule
            ? match with { Rule = rule with { Reason = ReplyReason.SenderRejected, Advice = null, Actor = null, Retry = null } }
            : match;

    // "550 5.1.1 Rejected": where an enhanced code says more than words that anybody uses, it goes before them.
    private static WordingMatch Surer(WordingMatch match, Explanation explanation) =>
        match.Rule is { IsGeneral: true } rule
        && (IsDefinite(explanation.Enhanced, rule.Reason)
            || (rule.Confidence <= VagueWords && (rule.Reason is ReplyReason.Undefined or ReplyReason.SystemError or ReplyReason.PolicyViolation || rule.Confidence <= GuessedWords) && Refiner.IsSpecific(explanation)))
            ? match with { Rule = null }
            : match;

    // Codes that are given for one reason alone: that the domain is not there, that the sender is none or could not be proved.
    private static bool IsDefinite(string? enhanced, ReplyReason reason) =>
        enhanced is not null && enhanced.AsSpan(1) switch
        {
            ".1.2" => reason is not (ReplyReason.HostUnknown or ReplyReason.SenderRejected),
            ".1.7" or ".1.8" => reason is ReplyReason.SystemError,
            ".7.20" or ".7.21" or ".7.22" or ".7.23" or ".7.25" or ".7.26" => reason is not (ReplyReason.SenderAuthenticationFailed or ReplyReason.ReverseDnsMissing),
            _ => false,
        };

    // Some words tell something only behind their code ("550 Denied"), with or without the enhanced one; the reader has taken both away.
    private static string WithCodes(int? code, string? enhanced, string text)
    {
        if (code is null && enhanced is null)
            return text;
        var start = text[..Math.Min(text.Length, MaxStart)];
        return enhanced is null ? $"{code} {text}" : code is null ? $"{enhanced} {text}" : $"{code} {enhanced} {text} | {code} {start}";
    }

    // Words without a code are a reply only where somebody words just so; "the mailbox is full" may be anybody's prose.
    private static Explanation? ExplainSure(string text, ReplyContext context)
    {
        var match = Classifier.Classify(text, null, null, around: text);
        if (match.Rule is null && text.Length <= MaxEvidence && Weighed.Alone(match, text) is { } weighed)
            return Refiner.FromReason(weighed.Rule!.Reason, null, Locale.For(context.Language), weighed.Rule, Refiner.WordingOf(weighed, weighed.Rule, Evidence(text), null));
        return match is { Rule: { } rule, Provider: { } provider } && rule.Confidence >= (!provider.IsGeneral ? SureWithoutCode : text.Length <= MaxEvidence ? SureOfAnybody : 1)
            ? Refiner.FromReason(rule.Reason, null, Locale.For(context.Language), rule, Refiner.WordingOf(match, rule, Evidence(text), null))
            : null;
    }

    private static Explanation? ExplainBlocks(string text, ReplyContext? context)
    {
        Explanation? first = null;
        for (var start = 0; start < text.Length;)
        {
            var length = Math.Min(BlockLength, text.Length - start);
            // A block ends with a line, unless the line is longer than a block.
            if (start + length < text.Length && text.LastIndexOf('\n', start + length - 1, length) is var end && end >= start)
                length = end + 1 - start;
            var found = ExplainText(text.Substring(start, length), context);
            if (found is { Class: ReplyClass.TransientFailure or ReplyClass.PermanentFailure })
                return found;
            first ??= found;
            start += length;
        }

        return first;
    }

    // Foreign words end on terminals and pages: what steers either is taken out of them.
    private static string Evidence(string text)
    {
        var plain = new StringBuilder(Math.Min(text.Length, MaxEvidence));
        foreach (var rune in text.AsSpan().Trim().EnumerateRunes())
        {
            if (plain.Length >= MaxEvidence)
                break;
            plain.Append(rune.Value == '\n' || Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format) ? rune.ToString() : " ");
        }

        return plain.ToString().Trim();
    }
}
