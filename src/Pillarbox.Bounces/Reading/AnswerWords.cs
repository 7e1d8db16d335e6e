using System.Buffers;

namespace Pillarbox.Bounces.Reading;

/// <summary>Words by which automatic answers are known, in the languages in which they come.</summary>
internal static class AnswerWords
{
    /// <summary>What their subjects say.</summary>
    public static readonly SearchValues<string> Subjects = Folded(
    [
        "automatic reply", "automatic response", "automated reply", "automated response", "auto reply", "auto-reply", "autoreply",
        "auto response", "auto-response", "autoresponse", "out of office", "out-of-office", "out of the office", "away notice",
        "away message", "vacation reply", "vacation notice", "vacation message", "vacation auto", "vacation respon", "holiday notice",
        "i am out of", "i'm out of", "i am away", "i'm away", "i am on vacation", "i am on holiday", "i am on leave", "currently away",
        "currently out of", "currently on leave",
        "automatische antwort", "automatische rückantwort", "automatische nachricht", "automatische e-mail", "automatische mail",
        "automatische empfangs", "automatische abwesenheit", "automatische eingangs", "autom. antwort", "auto-antwort", "autoantwort",
        "urlaubsmeldung", "urlaubsnachricht", "urlaubsabwesenheit", "urlaubsbenachrichtigung", "urlaubsvertretung", "ich bin im urlaub",
        "bin im urlaub", "im urlaub", "nicht im haus", "nicht im büro", "außer haus", "ausser haus", "eingangsbestätigung",
        "message automatique", "auto-réponse", "auto réponse", "autoréponse", "réponse auto", "répondeur automatique",
        "accusé de réception", "absence prolongée", "absence pour cong", "absence jusqu", "en congé", "je suis absent", "je suis en congé",
        "absent jusqu", "absente jusqu",
        "mensaje automático", "auto respuesta", "auto-respuesta", "autorespuesta", "respuesta auto", "autocontest",
        "contestación automática", "aviso de ausencia", "estoy de vacaciones", "ausente de", "messaggio automatico",
        "messaggio di assenza", "autorisposta", "auto-risposta", "auto risposta", "risponditore automatico", "risponditore",
        "sono in ferie", "non in ufficio",
        "mensagem automática", "auto-resposta", "auto resposta", "autoresposta", "aviso de ausência", "aviso de férias", "estou de férias",
        "ausente do", "niet aanwezig", "automatische reactie", "automatisch bericht", "automatische afwezigheid", "buiten kantoor",
        "niet op kantoor", "ik ben afwezig", "abwesenheit", "abwesend", "réponse automatique", "absence du bureau", "message d'absence",
        "absent du bureau", "respuesta automática", "fuera de la oficina", "risposta automatica", "fuori sede", "fuori ufficio", "assenza",
        "resposta automática", "fora do escritório", "ausência temporária", "automatisch antwoord", "afwezig", "autosvar",
        "automatisk svar", "ikke til stede", "ikke på kontoret", "inte på kontoret", "jag är på semester", "jeg er på ferie", "på ferie",
        "på semester", "sommerferie", "automatiskt svar", "frånvaro", "fraværende", "automaattinen vastaus", "poissa toimistosta",
        "automatická odpověď", "automatická odpoveď", "mimo kancelář",
        "automatikus válasz", "házon kívül", "răspuns automat", "automatski odgovor", "samodejni odgovor", "автоматичен отговор",
        "автоответ", "автоматическое уведомление", "автоматическое сообщение", "автоматичне повідомлення", "я в отпуске",
        "нахожусь в отпуске", "в отпуске до", "отсутствие на рабочем", "нет на рабочем месте", "отсутствую", "автоматический ответ",
        "автоматична відповідь", "автоматична відповідь", "αυτόματη απάντηση", "εκτός γραφείου", "otomatik yanıt", "ofis dışında",
        "odpowiedź automatyczna", "automatyczna odpowied", "autoodpowied", "auto-odpowied", "autoresponder", "poza biurem", "nieobecność",
        "nieobecnosc", "jestem na urlopie", "jestem nieobecn", "urlop:", "automatinis atsakymas", "automātiska atbilde", "automaatvastus",
        "تلقائي", "תשובה אוטומטית", "מחוץ למשרד", "自動返信", "自動応答", "自動配信", "自動送信", "不在", "休暇中", "外出中", "自动回覆", "系统自动", "外出自动", "休假", "自動回應",
        "自动回复", "自动答复", "自動回覆", "自動回復", "외출", "자동 회신", "자동 응답", "자동응답", "자동회신", "부재중", "ตอบกลับอัตโนมัติ",
        "trả lời tự động", "thư trả lời tự động", "balasan otomatis", "jawapan automatik", "kontorist väljas", "väljas kontorist",
        "automaatne vastus", "prombūtn", "neesmu birojā", "nesu darbe", "nesu biure", "nėra biure", "odsoten", "odsotna", "odsotnost",
        "odsutan", "odsutna", "odsutnost", "izvan ureda", "izvan kancelarije", "одсутан", "одсутна", "аутоматски одговор",
        "автоматски одговор", "sjálfvirkt svar", "fraværsmelding", "ute av kontoret", "utanför kontoret", "ude af kontoret", "poza firmą",
        "resposta automàtica", "fora de l'oficina", "erantzun automatikoa", "bulegotik kanpo", "absent temporar", "în afara biroului",
        "ავტომატური პასუხი", "ավտոմատ պատասխան", "автоматты жауап", "מענה אוטומטי", "不在办公室", "不在辦公室", "स्वचालित उत्तर", "پاسخ خودکار",
    ]);

    /// <summary>Short words that their subjects open with, and behind which no letter stands.</summary>
    public static readonly string[] Leads = ["auto:", "auto re", "auto-re", "auto reply", "auto ", "ooo", "oof", "autom:", "absent:", "absence:", "away:", "urlaub:", "ferie:", "out of town", "out-of-town"];

    /// <summary>Such words that begin other subjects, too.</summary>
    public static readonly string[] VagueLeads = ["vacation", "on leave", "annual leave", "away from", "absence", "absent", "urlaub", "ferie", "ferien", "vacances", "vacaciones", "ferias", "holiday", "on holiday", "on vacation", "maternity leave", "parental leave", "sick leave", "conges", "vakantie", "semester", "loma", "urlop", "отпуск"];

    /// <summary>What they say then who mean it.</summary>
    public static readonly SearchValues<string> Sure = SearchValues.Create(
    [
        "out of the office", "out of office", "i am on vacation", "i'm on vacation", "i am on holiday", "i'm on holiday", "i am on leave",
        "i'm on leave", "i am away", "i'm away", "i am currently", "ich bin im urlaub", "ich bin bis", "nicht im büro", "je suis en congé",
        "je suis en vacances", "je suis absent", "estoy de vacaciones", "estaré fuera", "sono in ferie", "sarò assente", "estou de férias",
        "estarei ausente", "ben ik op vakantie", "ik ben op vakantie", "jag är på semester", "jeg er på ferie", "olen lomalla",
        "jestem na urlopie", "я в отпуске", "в отпуске до",
    ], StringComparison.OrdinalIgnoreCase);

    /// <summary>What a subject says of its sender, wherever in it.</summary>
    public static readonly SearchValues<string> Statements = Folded(
    [
        "is out of the office", "is out of office", "is currently out of", "will be out of the office", "is away from", "is on vacation",
        "is on leave until", "ist außer haus", "ist ausser haus", "ist nicht im büro", "ist im urlaub", "ist nicht im haus",
        "ist abwesend", "est absent", "est en congé", "est en vacances", "no está en la oficina", "está fuera de la oficina",
        "está ausente",
        "è fuori ufficio", "non è in ufficio", "è assente", "está fora do escritório", "não está no escritório", "is niet op kantoor",
        "is afwezig", "är inte på kontoret", "är på semester", "er ikke på kontoret", "er på ferie", "ei ole toimistossa",
        "jest poza biurem", "jest nieobecn", "není v kanceláři", "není přítomen", "は不在です", "不在办公室", "不在辦公室",
    ]);

    /// <summary>What programs that answer write themselves.</summary>
    public static readonly SearchValues<string> Notes = SearchValues.Create(
    [
        "this is an automated response to your message", "this is an automatic reply", "this is an automated reply",
        "this is an automatic response", "this is an automated response", "this is an auto-reply", "this is an auto reply",
        "this is an auto-response", "this is an auto response", "this is an autoreply", "this is an autoresponse",
        "this is an automated out of office", "this is an auto-generated reply",
        "the only notification you will receive while this person is away", "i will be out of the office starting", "this auto-response",
        "this automatic reply", "this is a vacation message", "this reply was generated automatically",
        "this response was generated automatically", "(this is an automated", "[auto-reply]", "[auto reply]",
        "dies ist eine automatische antwort", "dies ist eine automatische abwesenheit", "dies ist eine automatisch",
        "diese nachricht wurde automatisch erzeugt", "automatisch generierte antwort", "automatisch erzeugte antwort",
        "ceci est une réponse automatique", "ceci est un message automatique", "ceci est une reponse automatique",
        "esta es una respuesta automática", "esta es una respuesta automatica", "este es un mensaje automático",
        "este es un mensaje automatico",
        "questa è una risposta automatica", "questa e' una risposta automatica", "risposta generata automaticamente",
        "esta é uma resposta automática", "esta é uma mensagem automática", "dit is een automatisch", "detta är ett automatiskt",
        "dette er et automatisk", "tämä on automaattinen", "to jest automatyczna", "wiadomość wygenerowana automatycznie",
        "toto je automatická", "ez egy automatikus", "bu otomatik bir", "это автоматический ответ", "это автоответ",
        "automatic reply to your message",
        "本メールは自動返信", "このメールは自動返信", "自動返信メール", "自動応答メール", "自動的に返信", "自动回复邮件", "此为自动回复", "这是自动回复", "这是一封自动回复", "自動回覆", "자동으로 발송", "자동 응답 메일",
    ], StringComparison.OrdinalIgnoreCase);

    /// <summary>What a program says that has taken a request in.</summary>
    public static readonly SearchValues<string> Receipts = SearchValues.Create(
    [
        "request received", "has been received", "have received your", "we received your", "received your message", "received your email",
        "thank you for contacting", "thank you for your message", "thank you for your email", "thank you for your e-mail",
        "thank you for your mail", "thanks for the email", "thank you for emailing", "thank you for getting in touch",
        "verification process", "requires verification", "verification required", "verify that you are", "real human", "real live human",
        "being held because", "not been verified", "approved sender", "approved senders", "allowed sender", "sender verification",
        "spam blocker", "spamblocker", "protecting myself from", "confirm your message", "confirm that you sent", "confirm that you are",
        "confirm you are", "verify themselves", "verify yourself", "verify your identity", "unknown senders", "unbekannte absender",
        "prove that you are", "waiting for your confirmation", "confirm this message", "authenticate yourself", "thanks for contacting",
        "thank you for writing", "wir haben ihre", "ist bei uns eingegangen", "merci de nous avoir", "avons bien reçu", "hemos recibido",
        "abbiamo ricevuto", "bedankt voor uw", "wij hebben uw", "otrzymaliśmy",
        "受け付け", "收到您的", "已收到", "ได้รับข้อความ", "ได้รับอีเมล",
    ], StringComparison.OrdinalIgnoreCase);

    /// <summary>The same where it answers somebody: by themselves such words stand in any program's mail.</summary>
    public static readonly SearchValues<string> VagueReceipts = SearchValues.Create(
    [
        "ticket", "case number", "case id", "your request", "thanks for your", "gracias por", "спасибо за", "tack för", "dziękujemy za",
        "vielen dank für ihre", "challenge", "recebemos", "접수", "ваш запрос", "ваше обращение", "お問い合わせ",
    ], StringComparison.OrdinalIgnoreCase);

    /// <summary>What a shop or a site writes of that has got an order or a registration.</summary>
    public static readonly SearchValues<string> Transactions = SearchValues.Create(
    [
        "your order", "order number", "password", "payment", "invoice", "registering", "registration", "subscri", "your account",
        "bestellung", "passwort", "rechnung", "registrierung", "commande", "mot de passe", "facture", "inscription", "pedido",
        "contraseña", "factura", "ordine", "fattura", "senha", "wachtwoord", "zamówieni", "hasło", "заказ", "пароль", "注文", "订单", "訂單",
        "密码", "密碼", "주문", "비밀번호",
    ], StringComparison.OrdinalIgnoreCase);

    /// <summary>What somebody says who is away.</summary>
    public static readonly SearchValues<string> Absences = SearchValues.Create(
    [
        "out of the office", "out of office", "on vacation", "on holiday", "on leave", "i am away", "i'm away", "will not be reading",
        "won't be reading", "when i return", "limited access to email", "no longer work", "no longer with", "has left the company",
        "have left the company", "nicht mehr im unternehmen", "nicht mehr bei", "ne travaille plus", "ya no trabaja", "non lavora più",
        "não trabalha mais", "werkt niet meer", "больше не работает", "i will be out", "i'll be out", "i am out", "i'm out", "out of town",
        "away until", "be back on", "am back on", "back in the office", "return on", "returning on", "travelling", "traveling",
        "maternity leave", "nicht im büro", "nicht erreichbar", "nicht im hause", "nicht im haus", "bin ich wieder", "abwesend",
        "wieder im büro", "urlaub", "im urlaub", "außer haus", "en congé", "en vacances", "je suis absent", "serai absent", "de retour le",
        "actuellement absent", "absent du", "de vacaciones", "fuera de la oficina",
        "in ferie", "de férias", "op vakantie", "på semester", "på ferie", "lomalla", "na dovolené", "na urlopie", "szabadságon",
        "în concediu", "в отпуске", "у відпустці", "σε άδεια", "tatildeyim", "izindeyim", "休暇", "外出しております", "休假", "휴가", "ลาพักร้อน",
        "ไม่อยู่ที่สำนักงาน", "nghỉ phép", "sedang cuti", "ute av kontoret", "ude af kontoret", "puhkusel", "atvaļinājum", "atostog",
        "dovolenke", "na dopustu", "godišnjem odmoru", "годишњем одмору", "в отпуск съм", "de vacances", "de vacacións", "oporretan",
        "sumarfríi", "í orlofi", "مرخصی", "छुट्टी", "address has changed", "changed my e-mail", "changed my email", "my new e-mail",
        "my new email", "neue e-mail-adresse", "neue mailadresse", "nouvelle adresse e-mail", "nueva dirección de correo",
        "nuovo indirizzo e-mail", "בחופשה", "في إجازة",
    ], StringComparison.OrdinalIgnoreCase);

    private static SearchValues<string> Folded(string[] words) => SearchValues.Create([.. words.Select(AutomaticAnswer.Folded)], StringComparison.Ordinal);
}
