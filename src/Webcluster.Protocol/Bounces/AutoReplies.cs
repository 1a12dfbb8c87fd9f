using Webcluster.Protocol.Mime;
using Webcluster.Protocol.Reports;

namespace Webcluster.Protocol.Bounces;

/// <summary>Mail that a program wrote in answer to the message and that says nothing of its delivery (RFC 3834): absence, thanks for your
/// mail, please confirm that you are human, held for a moderator.</summary>
internal static class AutoReplies
{
    private static readonly string[] Marks =
        ["X-Autoreply", "X-Autorespond", "X-Autoreply-From", "X-Mail-Autoreply", "X-Auto-Response", "X-Vacation", "X-FC-MachineGenerated"];

    private static readonly Phrases Subjects = new(
        "auto:", "auto-reply", "autoreply", "auto reply", "automatic reply", "automatic response", "automated reply", "automated response",
        "auto response", "auto-response", "autoresponse", "autoresponder", "out of office", "out-of-office", "out of the office", "ooo:",
        "on vacation", "vacation", "away from", "away until", "i am away", "i'm away", "on leave", "on holiday", "annual leave",
        "maternity", "no longer with", "thank you for your", "thanks for your", "thank you for contacting", "we have received your",
        "ticket received", "[ticket", "request received", "case created", "awaits moderator", "awaiting moderator", "moderator approval",
        "confirm your", "please confirm", "verify your", "verification required", "sender verification", "challenge", "are you human",
        "abwesenheit", "abwesend", "automatische antwort", "automatische empfangs", "urlaub", "nicht im büro", "réponse automatique",
        "absence du bureau", "absent", "en congé", "message d'absence", "respuesta automática", "respuesta automatica",
        "fuera de la oficina", "ausente", "vacaciones", "resposta automática", "fora do escritório", "ausência", "férias",
        "risposta automatica", "fuori sede", "fuori ufficio", "assenza", "ferie", "automatisch antwoord", "automatische beantwoording",
        "afwezig", "frånvaro", "autosvar", "fraværende", "automaattinen vastaus", "automatyczna odpowiedź", "odpowiedź automatyczna",
        "automatická odpověď", "автоответ", "автоматический ответ", "вне офиса", "отпуск", "otomatik yanıt", "自動返信", "自動応答", "不在",
        "自动回复",
        "自動回覆", "自动答复", "자동 응답", "부재중", "atvalinājums", "atvaļinājum");

    public static bool IsOne(ReceivedMail mail) => HasMark(mail.Header) || Subjects.IsIn(mail.OwnSubject);

    /// <summary>Does the header say that a program wrote it in answer to a mail?</summary>
    public static bool HasMark(MimeHeader header)
    {
        // rfc3834#5: auto-generated is what bounces are; auto-replied is what these are, and what Exim and Postfix call theirs.
        if (header.Value("Auto-Submitted") is { } submitted && Starts(submitted, "auto-replied")) return true;
        if (header.Value("Precedence") is { } precedence && Starts(precedence.Replace('_', '-'), "auto-reply")) return true;
        if (Array.Exists(Marks, header.Has)) return true;
        return header.Has("X-Auto-Response-Suppress") && !header.Has("X-MS-Exchange-Message-Is-Ndr") && header.Has("In-Reply-To");
    }

    private static bool Starts(string value, string start) => value.StartsWith(start, StringComparison.OrdinalIgnoreCase);
}
