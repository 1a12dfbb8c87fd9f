namespace Webcluster.Protocol.Bounces;

/// <summary>What mail systems write: tables only. A new mail system is a row.</summary>
internal static class BouncePhrases
{
    /// <summary>In From or Sender of a mail that only a mail system writes.</summary>
    public static readonly Phrases Daemons = new(
        "mailer-daemon", "mailer_daemon", "mailerdaemon", "mail-daemon", "maildaemon", "mdaemon", "internet mail delivery",
        "mail.delivery", "(mail deliver",
        "delivery subsystem", "delivery system", "ndr administrator", "microsoftexchange", "interscan", "smtpsvc",
        "bounce-notification", "email-delivery", "nondelivery", "undeliverable", "bounce-handler", "surfcontrol", "zustelldienst",
        "メール配信");

    /// <summary>There, of a mail that people write too.</summary>
    public static readonly Phrases Administrators = new(
        "postmaster", "post_master", "mail administrator", "mail system", "mailsystem", "system administrator", "administrateur système",
        "systemadministrator", "mail router", "microsoft outlook", "mail gateway", "smtp gateway", "mail server", "mailserver", "mailadmin",
        "mail-admin", "groupwise", "mailmarshal", "mailsweeper", "system-manager");

    /// <summary>In the subject.</summary>
    public static readonly Phrases Subjects = new(
        "undelivered", "undeliver", "non-deliver", "nondeliver", "not delivered", "could not be delivered", "couldn't be delivered",
        "cannot be delivered", "can't be delivered", "failure notice", "failure delivery", "delivery fail", "delivery problem",
        "delivery error", "delivery has failed", "delivery status", "[bounce]", "error sending your mail", "trouble delivering",
        "undelivrable", "delivery report", "delivery notification", "delivery delay", "delivery incomplete", "delivery unsuccessful",
        "mail delivery", "delivery of your", "delivery to the", "returned mail", "returned to sender", "returning message",
        "return to sender", "mail returned", "message returned", "failed mail", "mail failed", "mail failure", "message failure",
        "failed delivery", "failed to deliver", "unable to deliver", "mail error", "mail system error", "error mail", "message delayed",
        "delayed mail", "warning: message", "warning: could not send", "delayed", "message status", "status notification",
        "permanent delivery", "transient delivery", "bounced mail", "mail bounced", "bounce message", "user unknown", "unknown user",
        "rejected mail", "message rejected", "mail rejected", "quota exceeded", "mailbox full", "mailbox is full", "address not found",
        "problem delivering", "was not delivered", "message not delivered", "mail not delivered", "email not delivered", "loop alert",
        "not member article", "message you sent blocked", "blocked by our bulk email filter", "sent message wasn", "nicht zugestellt",
        "unzustellbar", "zustellung fehlgeschlagen", "nicht zustellbar", "zustellungs", "fehlgeschlagen", "rückläufer", "non remis",
        "non délivré", "non distribu", "non remise", "échec de la remise", "échec de remise", "echec de", "échec de distribution",
        "non è possibile recapitare", "mancato recapito", "impossibile recapitare", "non recapitabile", "consegna non riuscita",
        "errore di consegna", "no se puede entregar", "no se pudo entregar", "no entregado", "error de entrega", "devuelto", "devolución",
        "não entregue", "não é possível entregar", "falha na entrega", "falha de entrega", "devolvid", "não foi possível entregar",
        "onbestelbaar", "niet bezorgd", "niet afgeleverd", "aflevering mislukt", "olevererbart", "oleverbart", "kunne ikke leveres",
        "kan ikke leveres", "kunde inte levereras", "ei voitu toimittaa", "niedostarcz", "nie dostarcz", "zwrot", "nedoručiteln", "nedoruč",
        "kézbesíthetetlen", "недостав", "не доставлен", "невозможно доставить", "не удалось доставить", "возврат", "не може бути доставлен",
        "teslim edilemedi", "iletilemedi", "配信不能", "配信エラー", "配信に失敗", "配信できません", "送信できません", "送信エラー",
        "エラーメール", "未送信", "メールをお届け", "配達不能",
        "配送できません", "退信", "退件", "无法投递", "无法送达", "投递失败", "傳送失敗", "無法傳遞", "无法传递", "未传递", "系统退信",
        "배달 실패", "반송", "전송 실패", "배달되지", "전달되지");

    /// <summary>In the text, where a mail system says that it gives up.</summary>
    public static readonly Phrases Failed = new(
        "could not be delivered", "couldn't be delivered", "cannot be delivered", "can't be delivered", "can not be delivered",
        "was not delivered", "wasn't delivered", "not been delivered", "were not delivered", "unable to deliver", "undeliverable",
        "undelivered", "failed to deliver", "failed to send", "delivery failed", "delivery has failed", "delivery to the following",
        "failed permanently", "delivery failure", "could not deliver", "couldn't deliver", "cannot deliver", "not able to deliver",
        "was unable to", "did not reach", "could not be reached", "address(es) failed", "address failed", "addresses failed",
        "following addresses had", "following address had", "was rejected by a remote", "had delivery errors", "had delivery problems",
        "permanent fatal errors", "fatal errors", "transcript of session", "error delivering", "error has occurred while",
        "error occurred while trying", "non-delivered information", "failure reasons", "invalid final delivery", "error message below",
        "mailbox exceeds allowed size", "unknown user:", "unknown local-part", "received >>> 5", "received >>> 4", "received <<< 5",
        "received <<< 4", "wasn't able to deliver", "had trouble delivering", "haven't received this", "undeliverable to",
        "user name not found", "failed addresses follow", "problem with the e-mail address", "rejected recipient", "unknown user",
        "were unable to deliver", "not delivered to", "has failed due to", "rejected by the recipient", "duplicated message-id in",
        "you are not a member of", "not member article", "delivery of email to this address", "has been returned", "returned to you",
        "returned to sender", "is being returned", "been rejected by", "unrouteable", "incorrectly constructed", "permanent error",
        "was automatically rejected", "automatically rejected", "message was blocked", "could not be sent", "message could not be",
        "couldn't be sent", "mail could not", "no valid recipients", "unsent message", "unable to send", "no such user", "nicht zugestellt",
        "nicht ausgeliefert", "konnte nicht", "unzustellbar", "fehlgeschlagen", "n'a pas pu être", "n'a pas été remis", "n'ont pas pu",
        "pas pu être remis", "nicht erreicht", "n'a pas pu atteindre", "não chegou", "no ha llegado", "non ha raggiunto",
        "échec de la remise", "échec de remise", "impossible de remettre", "no se ha podido entregar", "no se pudo entregar",
        "no pudo entregarse", "no ha podido ser entregado", "no se entregó", "error al entregar", "não foi entregue",
        "não pôde ser entregue", "não foi possível entregar", "falha na entrega", "non è stato recapitato", "non è stato possibile",
        "impossibile recapitare", "non è stata recapitata", "niet worden bezorgd", "niet bezorgd", "niet afgeleverd",
        "kunde inte levereras", "kunne ikke leveres", "ei voitu toimittaa", "nie mogła zostać dostarczona", "nie została dostarczona",
        "nie można dostarczyć", "nelze doručit", "nebyla doručena", "nepodařilo doručit", "nem sikerült kézbesíteni", "не было доставлено",
        "не может быть доставлено", "не доставлено", "не удалось доставить", "невозможно доставить", "teslim edilemedi", "iletilemedi",
        "送信できませんでした", "配信できませんでした", "お届けできません", "届けることができません", "送信に失敗", "配信に失敗",
        "配信不能", "エラーのため", "送信先メールアドレスが見つか", "宛先に送信でき", "配送できません",
        "无法投递", "无法送达", "投递失败", "被退回", "退信", "无法发送", "未能送达", "無法傳送", "無法送達", "退回", "전달하지 못",
        "배달하지 못", "배달할 수 없", "전송하지 못", "발송되지 못");

    /// <summary>In the text, where a mail system says that it goes on trying.</summary>
    public static readonly Phrases Delayed = new(
        "has been delayed", "not yet been delivered", "warning message only", "this is a warning only", "will be retried",
        "still being retried", "delivery attempts will continue", "still undelivered", "will continue trying", "will keep trying",
        "continue to try", "delivery is delayed", "delivery delayed", "message delayed", "could not send message for past",
        "will try again", "temporarily delayed", "not yet received your message", "delay in the delivery", "you do not need to resend",
        "is not necessary to resend", "wird verzögert", "weitere zustellversuche", "weiterhin versuch", "la remise est retardée",
        "a été retardé", "ha sido retrasad", "se ha retrasado", "está atrasada", "sofreu um atraso", "è in ritardo", "è stata ritardata",
        "доставка отложена", "будут продолжены", "再送を試み", "配信が遅延", "遅延しています", "延迟");

    /// <summary>In a line that speaks of anyone but the recipient.</summary>
    public static readonly Phrases NotOfRecipient = new(
        "mail from", "mailfrom", "envelope-from", "envelope from", "envelope sender", "contact", "assistance", "from:", "sender:",
        "sent by", "sender address", "reply to", "reply-to", "forwarded by", "please visit", "please send", "send mail to", "send an email",
        "abuse@", "support@", "helpdesk", "message-id:", "unauthenticated email from", "reporting-mta", "queue id", "return-path",
        "received:");

    /// <summary>In lines that say nothing of the cause.</summary>
    public static readonly Phrases Empty = new(
        "this message was created automatically", "for further assistance", "if you do so, please", "delete your own text",
        "i'm sorry to have to inform", "this is the mail system at", "this is the postfix program", "do not reply", "please don't reply",
        "the original message was received", "the following addresses had", "transcript of session", "this is an automatically generated",
        "generating server", "diagnostic information", "reporting-mta", "mime-encapsulated", "mime format", "mime-formatted",
        "hi. this is the", "this is a multi-part", "the mail system", "a message that you sent", "could not be delivered to one or more",
        "could not be delivered to all", "its recipients. this is", "this is a permanent error; i've",
        "this is a permanent error. the following", "this is the mailer-daemon", "an error has occurred while attempting",
        "the following list of recipients", "delivery to the following recipient", "technical details of", "message headers",
        "dragonfly mail agent", "delivering your mail to", "wasn't able to deliver", "unable to deliver message to", "message from ",
        "that the message returned", "below could not be delivered", "address(es) failed", "this report relates to",
        "please note that this is only", "below is a copy", "please reply to", "please contact", "for further information",
        "mts-id of the original", "no action is required", "content-type:", "the following text was generated", "what to do",
        "generated by ", "generated from ", "(expanded from", "warning message only", "you do not need to re", "kept in the queue for",
        "рекомендуем вам", "delivery failed for the following reason", "delivery has failed to these", "does not understand this format",
        "some or all of this message", "message identifier is", "subject of the message is", "date of the message is",
        "sorry, we were unable to");

    /// <summary>In front of an address: it is the recipient's.</summary>
    public static readonly string[] RecipientLabels =
    [
        "recipient address", "recipient", "failed recipient", "failed address", "rcpt to", "rcpt", "recipients", "email address",
        "e-mail address", "mail address", "address", "target address", "user", "to address", "original recipient", "could not deliver to",
        "destinataire", "destinatario", "empfänger", "empfaenger", "destinatário", "ontvanger", "odbiorca", "получатель", "宛先", "受信者",
        "送信先", "收件人", "受取人", "送达地址", "failed to deliver to", "delivery failed to", "unknown user",
        "invalid final delivery userid",
        "user mailbox exceeds allowed size", "unknown local-part", "mailbox",
    ];
}
