using System.Buffers;

namespace Pillarbox.Bounces.Reading;

/// <summary>Words by which mail systems' reports are known, in the languages in which they come.</summary>
internal static class ReportWords
{
    /// <summary>Names that mail systems go under.</summary>
    public static readonly SearchValues<string> Senders = SearchValues.Create(
    [
        "mailer-daemon", "mailer_daemon", "mailerdaemon", "postmaster", "post_master", "mail-daemon", "maildaemon", "mail delivery",
        "mail deliver system", "mail administrator", "system administrator",
        "systemadministrator", "mailadmin", "mailsystem", "mail system", "daemon@", "mdaemon", "internet mail", "mail router",
        "notes router", "e-mail filter", "interscan", "content-filter", "mailer daemon", "mail delivery subsystem", "delivery subsystem",
        "mail server", "mailserver", "mail gateway", "mail-gateway", "mailgateway", "smtp gateway", "smtp server", "email system",
        "e-mail system", "mmsc", "scanmail", "mail security", "mailsecurity", "email security", "messagelabs", "antivirus", "anti-virus",
        "virus scanner", "virusscan", "mailscanner", "spam firewall", "spamfilter", "spam filter", "mimesweeper", "mailsweeper",
        "mailmarshal", "webshield", "groupshield", "antigen", "mailguard", "microsoftexchange", "listserv", "majordomo", "ezmlm",
    ], StringComparison.OrdinalIgnoreCase);

    /// <summary>What their subjects say.</summary>
    public static readonly SearchValues<string> Subjects = SearchValues.Create(
    [
        "undeliver", "returned mail", "delivery status notification", "delivery failure", "failure notice", "mail delivery failed",
        "delivery failed", "mail system error", "returned to sender", "returning to sender",
        "returning message to sender", "non delivery", "nondeliver", "non-deliver", "non-recapit", "delivery report", "message delivery",
        "could not be delivered", "can't be delivered", "not delivered", "mail failure",
        "mail failed", "delivery has failed", "delayed mail", "delivery delayed", "warning: message", "delivery notification",
        "mail delivery", "failure delivery", "failed delivery", "failed mail", "mail error", "message status", "[bounce]",
        "could not send message", "error sending your mail", "virus in mail", "banned contents", "mail undeliverable",
        "not member article", "message you sent blocked", "message blocked", "message rejected", "virus alert", "undelivered",
        "not been delivered", "delivery problem", "delivery error", "delivery status", "message delayed", "delayed message",
        "bounced mail", "bounced message", "bounced email", "bounce message", "returned email", "returned e-mail", "returned message",
        "return to sender", "rejected mail", "mail rejected", "email rejected", "rejected message", "automatically rejected",
        "mail not delivered", "mail could not", "unable to deliver", "cannot deliver", "could not deliver", "blocked by our",
        "message you sent", "virus found", "virus detected", "virus in your", "virus warning", "infected", "sensitive content",
        "scanmail message", "you tried to send", "content violation", "policy violation", "attachment blocked", "message quarantined",
        "message was blocked", "message status", "unknown recipient", "unknown user", "user unknown", "mailbox full", "mailbox is full",
        "quota exceeded", "over quota", "non-existent", "delivery attempt", "problem delivering", "rejected posting", "returned post for",
        "posting rejected", "post rejected", "delivery impossible", "mail returned", "message returned", "message bounced", "mail bounced",
        "email bounced", "bounce notification", "fax delivery failure",
        "unzustellbar", "nicht zugestellt", "nicht übermittelt", "zustellungsfehler", "nicht ausgeliefert", "fehler beim versand",
        "nicht versendet", "fehlermeldung", "rückläufer", "non délivré", "pas été délivré", "non distribué", "erreur de distribution",
        "notification d'erreur", "retour de mail", "non acheminé", "rechazado", "devuelto", "no se ha podido", "error en la entrega",
        "fallo en la entrega", "entrega fallida", "mensaje no entregado", "non recapitato", "mancata consegna", "mensagem devolvida",
        "devolvid", "falha ao", "não pôde ser", "niet afgeleverd", "niet bezorgbaar", "kon niet worden", "zwrot",
        "nie może zostać dostarcz", "nie został dostarcz", "nie mógł", "błąd dostarcz", "nicht zustellbar", "zustellung", "verzögert",
        "échec", "echec de la remise", "non remis", "pas été remis", "non distribu", "no entregado", "no se puede entregar",
        "no se entreg", "no se pudo entregar",
        "mancato recapito", "non recapitabile", "non consegnat", "não entregue", "não foi entregue", "falha na entrega", "onbestelbaar",
        "niet bezorgd", "olevererbar", "kunde inte", "kunne ikke leveres", "kan ikke leveres", "ei voitu toimittaa", "ei toimitettu",
        "nedoručiteln", "nepodařilo doručit", "nedoručen", "kézbesíthetetlen", "nem kézbesíthető", "nelivrabil", "niedostarcz",
        "nie dostarczono", "teslim edilemedi", "gönderilemedi", "αποτυχία παράδοσης", "μη παραδοτέο",
        "не доставлен", "недостав", "невозможно доставить", "не вдалося доставити", "لم يتم تسليم", "تعذر تسليم", "לא נמסרה", "配信",
        "送信できません", "送信エラー", "お届けできません", "届きません", "届けられません", "未送達", "返送", "系统退回", "邮件退回", "邮件被退回", "未送达", "投遞失敗", "傳送失敗", "发送失败", "發送失敗",
        "被拒收", "반환", "배달 실패", "발송실패", "전송실패", "수신 실패", "不達", "エラー", "退信", "无法投递", "无法送达", "無法傳遞", "無法投遞", "投递失败", "전달되지", "반송", "전송 실패",
        "ส่งไม่สำเร็จ", "ไม่สามารถส่ง", "ไม่สำเร็จ", "ไม่ถึงผู้รับ", "không gửi được", "không thể gửi", "tidak terkirim", "gagal dikirim",
    ], StringComparison.OrdinalIgnoreCase);

    /// <summary>How their texts open.</summary>
    public static readonly SearchValues<string> Openings = SearchValues.Create(
    [
        "this is the qmail-send program", "this message was created automatically by mail delivery", "could not be delivered",
        "cannot be delivered", "wasn't able to deliver", "unable to deliver", "error delivering your mail",
        "did not reach the following recipient", "delivery to the following recipient", "had permanent fatal errors",
        "had transient non-fatal errors", "had delivery problems", "had delivery errors", "failure reasons", "was not delivered",
        "was blocked by", "was rejected", "undeliverable", "non-deliverable",
        "delivery has failed", "message could not be", "couldn't be delivered", "recipient(s) cannot be reached", "has not been delivered",
        "not able to be delivered", "your message wasn't delivered", "address not found", "may not exist, or you may not have permission",
        "will be retried", "delivery attempts", "still being delivered", "has been delayed", "transcript of session follows",
        "transcript of the attempts", "the following addresses", "giving up on", "failed to deliver to", "trouble delivering your message",
        "failed addresses follow",
        "delivery of the email was stopped", "each of the following recipients was rejected", "article was rejected",
        "nicht zugestellt", "konnte nicht", "konnten nicht", "kann nicht", "nicht ausgeliefert", "nicht übermittelt",
        "ist ein fehler aufgetreten", "pas pu être délivré", "n'a pas pu", "n'a pu être", "pas été délivré", "impossible de remettre",
        "impossible de délivrer", "no pudo entregar", "no ha podido ser", "no pudo ser", "no fue entregado", "rechazado por",
        "non è stato consegnato", "non consegnato", "impossibile consegnare", "impossibile recapitare", "não foi possível entregar",
        "não pode ser entregue", "não foi entregue", "niet worden afgeleverd", "niet afgeleverd", "niet bezorgd", "nie mogła zostać",
        "nie można dostarczyć", "nie została", "nie dostarczono", "n'a pas pu être remis", "n'a pas été remis", "no se ha podido entregar",
        "no pudo ser entregado", "no se pudo entregar", "non è stato possibile", "non e' stato possibile", "recapito non riuscito",
        "não pôde ser entregue", "niet worden bezorgd",
        "inte levereras", "ikke leveres", "ei voitu toimittaa", "nepodařilo doručit", "nelze doručit", "nem sikerült kézbesíteni",
        "nie została dostarczona", "teslim edilemedi", "δεν παραδόθηκε",
        "не удалось доставить", "не может быть доставлен", "не вдалося доставити", "تعذر تسليم", "לא נמסרה", "配信できません", "送信できませんでした",
        "送信できません", "配信されません", "お届けできません", "届きません", "見つかりません", "存在しません", "エラーが発生", "无法投遞", "未送达", "被退回", "退信", "投递失败", "发送失败", "拒收", "전송되지",
        "전달할 수 없", "배달되지", "届けることができません", "无法送达", "未能送达", "无法投递", "無法投遞", "退回", "전달되지 못", "전송되지 못", "ไม่สามารถส่ง", "ส่งไม่สำเร็จ",
        "không thể gửi", "tidak dapat dikirim",
    ], StringComparison.OrdinalIgnoreCase);

    /// <summary>What was not delivered: parcels are not, either.</summary>
    public static readonly SearchValues<string> Mail = SearchValues.Create(
        ["mail", "message", "recipient", "smtp", "nachricht", "courriel", "courrier", "destinataire", "correo", "mensaje", "destinatario", "messaggio", "posta", "mensagem", "bericht", "wiadomo", "meddelande", "besked", "melding", "viesti", "zpráv", "správ", "üzenet", "levele", "mesaj", "ileti", "сообщ", "письм", "лист", "повідом", "μήνυμα", "رسال", "הודע", "メール", "邮件", "郵件", "信件", "메일", "메시지", "อีเมล", "ข้อความ", "thư", "pesan", "surat"], StringComparison.OrdinalIgnoreCase);

    /// <summary>What the texts of mail systems say, and those of others, too.</summary>
    public static readonly SearchValues<string> Hints = SearchValues.Create(
    [
        "delivery failed", "delivery failure", "failed to deliver", "not delivered to", "permanent error", "has not been delivered",
        "not been delivered", "were not delivered", "not be delivered", "not deliver", "undelivered", "unable to be delivered",
        "was automatically rejected", "your message was automatically", "rejected your message", "has been rejected", "has been blocked",
        "been quarantined", "action taken", "action on this mail", "a virus was", "found a virus", "detected a virus", "contained a virus",
        "contains a virus", "possible virus", "virus found", "has detected", "was infected", "mailbox is full", "user unknown",
        "unknown user", "no such user",
        "error message below", "error message:", "reason for failure", "following recipients", "following recipient(s)",
        "following address", "not subscribed to this group", "returned to sender", "returned to you",
    ], StringComparison.OrdinalIgnoreCase);

    /// <summary>That a filter at the mailbox refused the message.</summary>
    public static readonly SearchValues<string> Rejections = SearchValues.Create(
        ["automatically rejected", "was rejected", "has been rejected", "(rejected)", "message was refused", "has been refused", "was automatically refused", "wurde abgelehnt", "a été rejeté", "fue rechazado", "è stato rifiutato", "foi rejeitad", "自動的に拒否", "被自动拒绝"],
        StringComparison.OrdinalIgnoreCase);

    /// <summary>What stands ahead of the "@" where nobody is to be answered.</summary>
    public static readonly SearchValues<string> Machines = SearchValues.Create(
        ["no-reply", "noreply", "no_reply", "donotreply", "do-not-reply", "sysadmin", "system", "admin", "mailer", "smtp", "gateway", "notification", "notify", "alert", "bounce", "daemon", "postmaster", "mailadm", "mailmaster", "mmsc"],
        StringComparison.OrdinalIgnoreCase);

    /// <summary>How the subject of an answer, or of a message passed on, begins.</summary>
    public static readonly string[] Answers = ["re:", "re :", "aw:", "sv:", "vs:", "antw:", "fwd:", "fw:", "wg:", "tr:", "rv:", "i:", "r:", "enc:", "res:", "vl:", "doorst:", "pd:", "odp:", "回复", "转发", "回覆", "轉寄", "답장", "전달:", "ตอบ:", "ส่งต่อ:"];

    /// <summary>Those of them that pass something on.</summary>
    public static readonly string[] Forwards = ["fwd:", "fw:", "wg:", "tr:", "rv:", "enc:", "doorst:", "pd:", "转发", "轉寄", "전달:", "ส่งต่อ:"];

    /// <summary>What the subject of an alarm says: whoever watches servers is told of their replies, too.</summary>
    public static readonly SearchValues<string> Alarms = SearchValues.Create(
    ["alert", "alarm", "problem", "critical", "monitor", "incident", "threshold", " rate ", "report domain"], StringComparison.OrdinalIgnoreCase);

    /// <summary>That the message is still being tried.</summary>
    public static readonly SearchValues<string> Delays = SearchValues.Create(
    [
        "temporary failure report", "will be retried", "you do not need to resend", "do not need to resend your message",
        "still being delivered", "has been delayed", "is being delayed", "delivery attempts will continue", "not been delivered yet",
        "not yet been delivered",
        "attempts to deliver the message will continue", "had transient non-fatal errors", "could not be delivered for the last",
        "will keep trying", "we'll keep trying", "will try again", "this is a warning message only", "no action is required on your part",
        "will continue to try", "continue trying to deliver", "further attempts will be made", "delivery will be attempted again",
        "weiterhin versucht", "wird weiter versucht", "werden fortgesetzt", "bisher nicht zugestellt", "noch nicht zugestellt",
        "tentatives de remise se poursuiv", "pas encore été remis", "seguirá intentando",
        "se seguirá intentando", "aún no se ha entregado", "aún no ha sido entregado", "ulteriori tentativi", "non è ancora stato",
        "ainda não foi entregue", "continuará tentando", "nog niet bezorgd", "ponowne próby", "попытки доставки будут продолжены",
        "пока не доставлено", "再送信を試み", "配信を試み続け", "继续尝试", "繼續嘗試", "계속 시도", "จะพยายามส่ง",
    ], StringComparison.OrdinalIgnoreCase);
}
