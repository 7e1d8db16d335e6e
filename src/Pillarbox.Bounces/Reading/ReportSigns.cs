using System.Buffers;
using MimeKit;
using Pillarbox.Reference;

namespace Pillarbox.Bounces.Reading;

/// <summary>What shows that a message is a report on a delivery, where no part of it says so to programs.</summary>
internal static class ReportSigns
{
    private const int MaxLines = 400;
    private const int MaxParts = 20;
    private const int MaxOpening = 300;

    /// <summary>Whether the message looks like one.</summary>
    public static bool Has(MimeMessage message, string text)
    {
        if (NamesFailed(message) || ListOf(message, text) is not null)
            return true;
        var isOfDaemon = IsOfDaemon(message);
        if (!isOfDaemon && (IsAnswer(message) || IsOfList(message)))
            return OpensAsReport(message, text);
        var subject = Foreign.SubjectOf(message);
        var hasSubject = !IsAnswer(message) && HasAny(subject, ReportWords.Subjects);
        var signs = (isOfDaemon ? 1 : 0) + (IsDeclared(message) ? 1 : 0) + (HasNoReturn(message) ? 1 : 0) + (hasSubject ? 1 : 0);
        if (signs > 1)
            return true;
        text = ReturnedCopy.CutOff(text);

        // A program sent the message back, and says that it could not be delivered, and to whom.
        if (signs == 0)
            return IsOfMachine(message) && ReturnsMessage(message) && HasAny(text, ReportWords.Openings) && HasAddress(text);
        return isOfDaemon
            ? TellsOfFailure(text) || HasAny(text, ReportWords.Hints) || TellsOfAddress(text)
            : (TellsOfFailure(text) || (HasNoReturn(message) && HasAny(text, ReportWords.Hints))) && AddressLine.First(text, AddressLine.Own(message)) is not null && !HasAny(subject, ReportWords.Alarms)
                && (HasNoReturn(message) || IsDeclared(message) || HasAddress(text) || ReturnsMessage(message) || HasAny($"{subject}\n{text[..Math.Min(text.Length, MaxOpening)]}", ReportWords.Mail));
    }

    /// <summary>Whether a field of the header names the recipients, as Exim's and Gmail's reports have it.</summary>
    public static bool NamesFailed(MimeMessage message) => message.Headers.Contains("X-Failed-Recipients");

    /// <summary>Whether a mail system sent it, by the name it goes under.</summary>
    public static bool IsOfDaemon(MimeMessage message) => HasAny($"{message.Headers[HeaderId.From]}", ReportWords.Senders);

    /// <summary>Whether it comes from nobody and its subject is that of a report.</summary>
    public static bool IsNamedReport(MimeMessage message) => HasNoReturn(message) && !IsAnswer(message) && HasAny(Foreign.SubjectOf(message), ReportWords.Subjects);

    /// <summary>Whether nobody is to answer it, as it is with all that mail systems send by themselves (RFC 5321 §4.5.5).</summary>
    public static bool HasNoReturn(MimeMessage message) =>
        message.Headers[HeaderId.ReturnPath]?.Trim() is { } path && (path == "<>" || path.StartsWith("<mailer-daemon@", StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// Whether it is a report on something else than a delivery (RFC 8098, RFC 8460). A notification of disposition that says that the
    /// message was rejected is a report: a filter at the mailbox sends it (RFC 5429).
    /// </summary>
    public static bool IsOtherReport(MimeMessage message, string text) => ReportType(message) switch
    {
        "DISPOSITION-NOTIFICATION" => !IsRejection(message, text),
        "TLSRPT" or "DMARC" => true,
        _ => false,
    };

    /// <summary>Whether it says that the message was rejected at the mailbox.</summary>
    public static bool IsRejection(MimeMessage message, string text) => HasAny(text, ReportWords.Rejections) || HasAny(message.Headers["Auto-Submitted"] ?? "", ReportWords.Rejections);

    /// <summary>Whether its own header says that it is a report on a delivery.</summary>
    public static bool IsDeclared(MimeMessage message) => ReportType(message) == "DELIVERY-STATUS";

    /// <summary>Whether a person passes on, or answers, what came to them: a report in it is not about this message's addressee.</summary>
    public static bool IsPassedOn(MimeMessage message) => IsAnswer(message) && !IsOfDaemon(message) && !HasNoReturn(message)
        && message.Body?.ContentType.IsMimeType("multipart", "report") != true;

    /// <summary>Whether a person passes it on, by its subject.</summary>
    public static bool IsForwarded(MimeMessage message) => Array.Exists(ReportWords.Forwards, lead => Foreign.SubjectOf(message).StartsWith(lead, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether the message is still being tried.</summary>
    public static bool TellsOfDelay(string text) => HasAny(text, ReportWords.Delays);

    /// <summary>The address of the mailing list whose manager refused a posting; null where the message is no such.</summary>
    public static string? ListOf(MimeMessage message, string text)
    {
        if (!message.Headers.Contains("X-Mailman-Version") && !message.Headers.Contains("X-List-Administrivia") && !message.Headers.Contains("X-MLServer"))
            return null;
        if (!text.Contains("rejected", StringComparison.OrdinalIgnoreCase))
            return null;
        var id = message.Headers["List-Id"] ?? "";
        var name = id[(id.LastIndexOf('<') + 1)..].TrimEnd('>', ' ');
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return message.Headers["X-BeenThere"]?.Trim() ?? (dot > 0 ? $"{name[..dot]}@{name[(dot + 1)..]}" : AddressLine.First(text, AddressLine.Own(message)));
    }

    /// <summary>Whether it warns its own addressee, as a message about their own mailbox does: nothing came back.</summary>
    public static bool IsWarning(MimeMessage message, string text) =>
        !HasNoReturn(message) && !IsDeclared(message) && message.To.Mailboxes.FirstOrDefault()?.Address is { Length: > 3 } to && text.Contains(to, StringComparison.OrdinalIgnoreCase) && !HasAny(text, ReportWords.Openings);

    private static string? ReportType(MimeMessage message) =>
        message.Body?.ContentType is { } type && type.IsMimeType("multipart", "report") ? type.Parameters["report-type"]?.Trim().ToUpperInvariant() : null;

    // Some answer the message they return, or keep the fields of the list that it came by: a short text that opens with whom it did not reach.
    private static bool OpensAsReport(MimeMessage message, string text)
    {
        var subject = Foreign.SubjectOf(message);
        var hasSubject = subject.AsSpan().IndexOfAny(ReportWords.Subjects) is var at && (at == 0 || (at > 0 && IsAnswer(message) && subject.AsSpan(0, at).LastIndexOf(" : ") > 0));
        text = text.TrimStart();
        var start = text[..Math.Min(text.Length, MaxOpening)];
        return hasSubject && !message.Headers.Contains("List-Unsubscribe") && HasAny(start, ReportWords.Openings) && HasAddress(start);
    }

    // What came by a mailing list was written to it.
    private static bool IsOfList(MimeMessage message) => message.Headers.Contains("List-Unsubscribe") || ((message.Headers.Contains("List-Id") || message.Headers.Contains("List-Post")) && !HasNoReturn(message));

    // The name of a sender whom nobody is: no-reply@, sysadmin@.
    private static bool IsOfMachine(MimeMessage message) =>
        message.From.Mailboxes.FirstOrDefault()?.Address is { } from && HasAny(from[..Math.Max(0, from.IndexOf('@', StringComparison.Ordinal))], ReportWords.Machines);

    private static bool ReturnsMessage(MimeMessage message) =>
        message.BodyParts.Take(MaxParts).Any(part => part is MessagePart || part.ContentType.IsMimeType("text", "rfc822-headers"));

    /// <summary>Whether its subject is that of an answer, or of something passed on: a person's answer to a bounce has its subject, too.</summary>
    public static bool IsAnswer(MimeMessage message) => Array.Exists(ReportWords.Answers, lead => Foreign.SubjectOf(message).StartsWith(lead, StringComparison.OrdinalIgnoreCase));

    // Its words open as such reports do, or it quotes a reply that refused something.
    private static bool TellsOfFailure(string text) =>
        HasAny(text, ReportWords.Openings) || Explainer.ExplainText(text) is { Code: not null, Class: ReplyClass.PermanentFailure or ReplyClass.TransientFailure };

    // In a language that is not known here: an address by itself, and words around it that are known.
    private static bool TellsOfAddress(string text) => HasAddress(text) && Explainer.ExplainWords(text, "", ReplyClass.PermanentFailure) is not null;

    private static bool HasAddress(string text) => text.Split('\n', MaxLines).Any(line => AddressLine.Find(line.TrimEnd('\r')) is not null);

    private static bool HasAny(string text, SearchValues<string> words) => text.AsSpan().ContainsAny(words);
}
