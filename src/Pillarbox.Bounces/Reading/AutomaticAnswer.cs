using MimeKit;
using Pillarbox.Reference;

namespace Pillarbox.Bounces.Reading;

/// <summary>An answer that no person wrote just now: a notice of absence, an acknowledgement (RFC 3834).</summary>
internal static class AutomaticAnswer
{
    private static readonly string[] Subjects =
    [
        "automatic reply", "auto reply", "auto-reply", "autoreply", "out of office", "out-of-office", "away from", "vacation", "on leave", "auto response", "automatische antwort",
        "abwesenheit", "abwesend", "réponse automatique", "absence du bureau", "respuesta automática", "fuera de la oficina", "risposta automatica", "fuori sede",
        "resposta automática", "automatisch antwoord", "afwezig", "autosvar", "frånvaro", "автоответ", "автоматический ответ", "自動返信", "自動応答", "不在", "自动回复", "自動回覆",
        "자동 회신", "부재중", "ตอบกลับอัตโนมัติ", "การตอบกลับอัตโนมัติ", "otomatik yanıt", "odpowiedź automatyczna", "poza biurem",
    ];

    /// <summary>The answer of its sender, or null where the message is none.</summary>
    public static RecipientReport? Read(MimeMessage message, string language)
    {
        if (Evidence(message) is not { } evidence)
            return null;
        var from = message.From.Mailboxes.FirstOrDefault()?.Address;
        return new RecipientReport(from, Explainer.ExplainReason(ReplyReason.Vacation, ReplyClass.PositiveCompletion, evidence.Text, evidence.Confidence, language));
    }

    private static (string Text, double Confidence)? Evidence(MimeMessage message)
    {
        foreach (var (name, value) in message.Headers.Select(header => (header.Field, header.Value.Trim())))
        {
            var isTold = name.ToUpperInvariant() switch
            {
                "AUTO-SUBMITTED" => value.StartsWith("auto-replied", StringComparison.OrdinalIgnoreCase),
                "PRECEDENCE" => value.Equals("auto_reply", StringComparison.OrdinalIgnoreCase),
                "X-AUTOREPLY" or "X-AUTORESPOND" or "X-AUTOREPLY-FROM" or "X-MAIL-AUTOREPLY" => !value.Equals("no", StringComparison.OrdinalIgnoreCase),
                _ => false,
            };
            if (isTold)
                return ($"{name}: {value}", 0.98);
        }

        var subject = message.Subject ?? "";
        return Array.Exists(Subjects, known => subject.Contains(known, StringComparison.OrdinalIgnoreCase)) ? ($"Subject: {subject}", 0.8) : null;
    }
}
