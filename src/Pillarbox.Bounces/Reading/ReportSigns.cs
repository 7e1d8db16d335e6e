using MimeKit;
using Pillarbox.Reference;

namespace Pillarbox.Bounces.Reading;

/// <summary>What shows that a message is a report on a delivery, where no part of it says so to programs.</summary>
internal static class ReportSigns
{
    private static readonly string[] Senders =
    [
        "mailer-daemon", "postmaster", "mail-daemon", "mail delivery", "mail administrator", "system administrator", "systemadministrator", "mailadmin", "mailsystem", "mail system", "noreply-dmarc",
        "daemon@", "mdaemon", "internet mail", "bounce",
    ];

    private static readonly string[] Subjects =
    [
        "undeliver", "undelivered", "returned mail", "delivery status notification", "delivery failure", "failure notice", "mail delivery failed", "delivery failed", "mail system error", "returned to sender",
        "non delivery", "nondeliverable", "non-deliverable", "delivery report", "message delivery", "could not be delivered", "can't be delivered", "not delivered", "mail failure", "delivery has failed", "delayed mail", "warning: message",
        "delivery notification", "mail delivery", "unzustellbar", "nicht zugestellt", "zustellung", "échec", "non remis", "no entregado", "no se puede entregar", "mancato recapito", "não entregue", "onbestelbaar",
        "olevererbart", "не доставлен", "недостав", "配信", "送信できません", "エラー", "退信", "无法投递", "無法傳遞", "전달되지", "반송", "ส่งไม่สำเร็จ", "ไม่สามารถส่ง", "teslim edilemedi", "niedostarcz", "failure delivery", "failed mail", "mail error", "pas été remis", "non distribu", "ไม่สำเร็จ", "ไม่ถึงผู้รับ", "não foi entregue", "no se entreg", "non consegnat", "niet bezorgd", "kunde inte", "nie dostarczono", "gönderilemedi",
    ];

    private static readonly string[] Openings =
    [
        "this is the qmail-send program", "this message was created automatically by mail delivery software", "could not be delivered", "wasn't able to deliver", "unable to deliver",
        "did not reach the following recipient", "delivery to the following recipient", "had permanent fatal errors", "had transient non-fatal errors", "had delivery problems", "failure reasons", "was not delivered to", "undeliverable",
        "delivery has failed", "message could not be", "couldn't be delivered", "recipient(s) cannot be reached", "has not been delivered", "not able to be delivered", "your message wasn't delivered", "address not found", "may not exist, or you may not have permission",
        "will be retried", "delivery attempts", "still being delivered", "has been delayed", "nicht zugestellt", "konnte nicht", "n'a pas pu être remis", "no se ha podido entregar", "no pudo ser entregado", "non è stato possibile", "não pôde ser entregue",
        "не удалось доставить", "配信できません", "送信できませんでした", "届けることができません", "无法送达", "退回", "transcript of session follows", "the following addresses", "giving up on",
    ];

    private static readonly string[] Answers = ["re:", "aw:", "sv:", "antw:", "fwd:", "fw:", "wg:", "tr:", "rv:", "回复", "转发", "ตอบ:"];

    private static readonly string[] Delays =
    [
        "temporary failure report", "will be retried", "you do not need to resend", "do not need to resend your message", "still being delivered", "has been delayed", "is being delayed", "delivery attempts will continue",
        "attempts to deliver the message will continue", "had transient non-fatal errors", "could not be delivered for the last", "will keep trying", "we'll keep trying", "will try again", "this is a warning message only", "no action is required on your part",
    ];

    /// <summary>Whether the message looks like one.</summary>
    public static bool Has(MimeMessage message)
    {
        if (message.Headers.Contains("X-Failed-Recipients") || ListOf(message) is not null)
            return true;
        var signs = 0;
        if (IsOfDaemon(message))
            signs++;
        if (message.Headers[HeaderId.ReturnPath]?.Trim() == "<>")
            signs++;
        if (!IsAnswer(message) && Array.Exists(Subjects, subject => (message.Subject ?? "").Contains(subject, StringComparison.OrdinalIgnoreCase)))
            signs++;
        return signs >= 2 || (signs == 1 && TellsOfFailure(ReturnedCopy.CutOff(MessageText.Of(message))));
    }

    /// <summary>Whether a mail system sent it, by the name it goes under.</summary>
    public static bool IsOfDaemon(MimeMessage message) =>
        Array.Exists(Senders, sender => $"{message.Headers[HeaderId.From]}".Contains(sender, StringComparison.OrdinalIgnoreCase));

    // A person's answer to a bounce, or one that a person passes on, has its subject too.
    private static bool IsAnswer(MimeMessage message) => Array.Exists(Answers, lead => (message.Subject ?? "").StartsWith(lead, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether the message is still being tried.</summary>
    public static bool TellsOfDelay(string text) => Array.Exists(Delays, words => text.Contains(words, StringComparison.OrdinalIgnoreCase));

    /// <summary>The address of the mailing list whose manager refused a posting; null where the message is no such.</summary>
    public static string? ListOf(MimeMessage message)
    {
        if (!message.Headers.Contains("X-Mailman-Version") && !message.Headers.Contains("X-List-Administrivia"))
            return null;
        if (!MessageText.Of(message).Contains("rejected", StringComparison.OrdinalIgnoreCase))
            return null;
        var id = message.Headers["List-Id"] ?? "";
        var name = id[(id.LastIndexOf('<') + 1)..].TrimEnd('>', ' ');
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return message.Headers["X-BeenThere"]?.Trim() ?? (dot > 0 ? $"{name[..dot]}@{name[(dot + 1)..]}" : null);
    }

    // Its words open as such reports do, or it quotes a reply that refused something.
    private static bool TellsOfFailure(string text) =>
        Array.Exists(Openings, opening => text.Contains(opening, StringComparison.OrdinalIgnoreCase))
        || Explainer.ExplainText(text) is { Code: not null, Class: ReplyClass.PermanentFailure or ReplyClass.TransientFailure };
}
