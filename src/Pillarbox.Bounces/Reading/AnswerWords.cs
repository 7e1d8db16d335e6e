using System.Buffers;

namespace Pillarbox.Bounces.Reading;

/// <summary>Words by which automatic answers are known, in the languages in which they come.</summary>
internal static class AnswerWords
{
    /// <summary>What their subjects say.</summary>
    public static readonly SearchValues<string> Subjects = SearchValues.Create(
    [
        "automatic reply", "automatic response", "automated reply", "automated response", "auto reply", "auto-reply", "autoreply", "auto response", "auto-response", "autoresponse", "out of office", "out-of-office", "out of the office", "away from", "vacation", "on leave", "annual leave",
        "automatische antwort", "automatische rückantwort", "abwesenheit", "abwesend", "réponse automatique", "absence du bureau", "message d'absence", "absent du bureau", "respuesta automática", "fuera de la oficina", "risposta automatica", "fuori sede", "fuori ufficio", "assenza",
        "resposta automática", "fora do escritório", "ausência temporária", "automatisch antwoord", "afwezig", "autosvar", "automatisk svar", "automatiskt svar", "frånvaro", "fraværende", "automaattinen vastaus", "poissa toimistosta", "automatická odpověď", "automatická odpoveď", "mimo kancelář",
        "automatikus válasz", "házon kívül", "răspuns automat", "automatski odgovor", "samodejni odgovor", "автоматичен отговор", "автоответ", "автоматический ответ", "автоматична відповідь", "автоматична відповідь", "αυτόματη απάντηση", "εκτός γραφείου", "otomatik yanıt", "ofis dışında",
        "odpowiedź automatyczna", "autoodpowiedź", "poza biurem", "automatinis atsakymas", "automātiska atbilde", "automaatvastus", "تلقائي", "תשובה אוטומטית", "מחוץ למשרד", "自動返信", "自動応答", "不在", "自动回复", "自动答复", "自動回覆", "自動回復", "외출", "자동 회신", "자동 응답", "자동응답", "자동회신", "부재중", "ตอบกลับอัตโนมัติ",
        "trả lời tự động", "thư trả lời tự động", "balasan otomatis", "jawapan automatik", "स्वचालित उत्तर", "پاسخ خودکار",
    ], StringComparison.OrdinalIgnoreCase);

    /// <summary>What a program says that has taken a request in.</summary>
    public static readonly SearchValues<string> Receipts = SearchValues.Create(
    [
        "ticket", "case number", "case id", "request received", "your request", "has been received", "have received your", "we received your", "received your message", "received your email", "thank you for contacting", "thank you for your message", "thank you for your email", "thanks for contacting", "thanks for your",
        "thank you for writing", "wir haben ihre", "vielen dank für ihre", "ist bei uns eingegangen", "merci de nous avoir", "avons bien reçu", "hemos recibido", "gracias por", "abbiamo ricevuto", "recebemos", "bedankt voor uw", "wij hebben uw", "tack för", "dziękujemy za", "otrzymaliśmy", "спасибо за", "ваш запрос", "ваше обращение",
        "お問い合わせ", "受け付け", "收到您的", "已收到", "접수", "ได้รับข้อความ", "ได้รับอีเมล",
    ], StringComparison.OrdinalIgnoreCase);

    /// <summary>What somebody says who is away.</summary>
    public static readonly SearchValues<string> Absences = SearchValues.Create(
    [
        "out of the office", "out of office", "on vacation", "on holiday", "on leave", "i am away", "i'm away", "will not be reading", "won't be reading", "when i return", "limited access to email", "no longer work", "nicht im büro", "im urlaub", "außer haus", "en congé", "en vacances", "absent du", "de vacaciones", "fuera de la oficina",
        "in ferie", "de férias", "op vakantie", "på semester", "på ferie", "lomalla", "na dovolené", "na urlopie", "szabadságon", "în concediu", "в отпуске", "у відпустці", "σε άδεια", "tatildeyim", "izindeyim", "休暇", "外出しております", "休假", "휴가", "ลาพักร้อน", "ไม่อยู่ที่สำนักงาน", "nghỉ phép", "sedang cuti", "בחופשה", "في إجازة",
    ], StringComparison.OrdinalIgnoreCase);
}
