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
        "olevererbart", "не доставлен", "недостав", "配信", "送信できません", "エラー", "退信", "无法投递", "無法傳遞", "전달되지", "반송", "ส่งไม่สำเร็จ", "ไม่สามารถส่ง", "teslim edilemedi", "niedostarcz", "failure delivery", "failed mail", "mail error",
    ];

    private static readonly string[] Openings =
    [
        "this is the qmail-send program", "this message was created automatically by mail delivery software", "could not be delivered", "wasn't able to deliver", "unable to deliver",
        "did not reach the following recipient", "delivery to the following recipient", "had permanent fatal errors", "had transient non-fatal errors", "had delivery problems", "failure reasons", "was not delivered to", "undeliverable",
        "delivery has failed", "message could not be", "couldn't be delivered", "recipient(s) cannot be reached", "has not been delivered", "not able to be delivered", "your message wasn't delivered", "address not found", "may not exist, or you may not have permission",
        "will be retried", "delivery attempts", "still being delivered", "has been delayed", "nicht zugestellt", "konnte nicht", "n'a pas pu être remis", "no se ha podido entregar", "no pudo ser entregado", "non è stato possibile", "não pôde ser entregue",
        "не удалось доставить", "配信できません", "送信できませんでした", "届けることができません", "无法送达", "退回", "transcript of session follows", "the following addresses", "giving up on",
    ];

    /// <summary>Whether the message looks like one.</summary>
    public static bool Has(MimeMessage message)
    {
        if (message.Headers.Contains("X-Failed-Recipients"))
            return true;
        var signs = 0;
        if (Array.Exists(Senders, sender => $"{message.Headers[HeaderId.From]}".Contains(sender, StringComparison.OrdinalIgnoreCase)))
            signs++;
        if (message.Headers[HeaderId.ReturnPath]?.Trim() == "<>")
            signs++;
        if (Array.Exists(Subjects, subject => (message.Subject ?? "").Contains(subject, StringComparison.OrdinalIgnoreCase)))
            signs++;
        return signs >= 2 || (signs == 1 && Opens(MessageText.Of(message)));
    }

    /// <summary>Whether its words tell that something failed.</summary>
    public static bool TellsOfFailure(MimeMessage message, string text) => Opens(text) || Explainer.ExplainText(text) is not null || message.Headers.Contains("X-Failed-Recipients");

    private static bool Opens(string text) => Array.Exists(Openings, opening => text.Contains(opening, StringComparison.OrdinalIgnoreCase));
}
