namespace Webcluster.Protocol.Bounces;

/// <summary>What refusals in other languages, and those in words that no reply has, say in the words of a reply. Tables only.</summary>
internal static class Translations
{
    private static readonly (string Phrase, string Reply)[] Rows =
    [
        ("groups.google.com/support", "rejected: you do not have permission to post to this group"),
        ("invalid final delivery userid", "user unknown"), ("recipient name is not recognized", "user unknown"),
        ("recipient not found", "user unknown"), ("no existe", "user unknown"), ("inconnu", "user unknown"),
        ("n'existe pas", "user unknown"), ("destinataire invalide", "user unknown"), ("existiert nicht", "user unknown"),
        ("unbekannter empfänger", "user unknown"), ("empfänger unbekannt", "user unknown"), ("empfängeradresse", "user unknown"),
        ("não existe", "user unknown"), ("não foi encontrado", "user unknown"), ("non esiste", "user unknown"),
        ("sconosciuto", "user unknown"), ("bestaat niet", "user unknown"), ("finns inte", "user unknown"), ("nie istnieje", "user unknown"),
        ("neexistuje", "user unknown"), ("не существует", "user unknown"), ("не найден", "user unknown"),
        ("пользователь не", "user unknown"), ("見つかりません", "user unknown"), ("存在しない", "user unknown"), ("存在しません", "user unknown"),
        ("不存在", "user unknown"), ("找不到", "user unknown"), ("존재하지 않", "user unknown"), ("찾을 수 없", "user unknown"),
        ("boîte aux lettres pleine", "mailbox full"), ("quota dépassé", "mailbox full"), ("postfach voll", "mailbox full"),
        ("postfach ist voll", "mailbox full"), ("speicherplatz", "mailbox full"), ("buzón lleno", "mailbox full"),
        ("buzón está lleno", "mailbox full"), ("caixa postal cheia", "mailbox full"), ("caixa de correio está cheia", "mailbox full"),
        ("casella piena", "mailbox full"), ("casella di posta è piena", "mailbox full"), ("postvak is vol", "mailbox full"),
        ("переполнен", "mailbox full"), ("容量を超え", "mailbox full"), ("容量オーバー", "mailbox full"), ("満杯", "mailbox full"),
        ("いっぱい", "mailbox full"), ("已满", "mailbox full"), ("已滿", "mailbox full"), ("용량 초과", "mailbox full"),
        ("gesperrt", "account disabled"), ("désactivé", "account disabled"), ("deshabilitad", "account disabled"),
        ("desativad", "account disabled"), ("disattivat", "account disabled"), ("заблокирован", "account disabled"),
        ("無効", "account disabled"), ("停用", "account disabled"), ("被禁用", "account disabled"), ("trop volumineux", "message too large"),
        ("zu groß", "message too large"), ("demasiado grande", "message too large"), ("muito grande", "message too large"),
        ("troppo grande", "message too large"), ("слишком больш", "message too large"), ("サイズが大き", "message too large"),
        ("太大", "message too large"), ("considéré comme spam", "rejected as spam"), ("als spam", "rejected as spam"),
        ("como spam", "rejected as spam"), ("come spam", "rejected as spam"), ("спам", "rejected as spam"), ("迷惑メール", "rejected as spam"),
        ("垃圾邮件", "rejected as spam"), ("垃圾郵件", "rejected as spam"), ("스팸", "rejected as spam"), ("受信拒否", "rejected by recipient policy"),
        ("拒否され", "rejected by policy"), ("被拒绝", "rejected by policy"), ("domaine introuvable", "host unknown"),
        ("domäne nicht gefunden", "host unknown"), ("dominio no encontrado", "host unknown"), ("домен не", "host unknown"),
        ("ドメインが", "host unknown"), ("域名", "host unknown"),
    ];

    /// <summary>The row for that text; null where none fits.</summary>
    public static string? Of(string text)
    {
        foreach (var (phrase, reply) in Rows)
            if (text.Contains(phrase, StringComparison.OrdinalIgnoreCase)) return reply;
        return null;
    }
}
