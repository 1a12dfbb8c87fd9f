namespace Webcluster.Protocol.Bounces;

/// <summary>What refusals in other languages, and those in words that no reply has, say in the words of a reply. Tables only.</summary>
internal static class Translations
{
    /// <summary>How sure an answer is that rests on such a row alone: it changes nothing by itself.</summary>
    public const double Confidence = 0.8;

    // What only one system writes, in whatever language.
    private static readonly (string Reply, Phrases Phrases)[] Links =
    [
        ("rejected: you do not have permission to post to this group", new Phrases("groups.google.com/support")),
    ];

    // The first row that fits counts: what says more stands before what says less.
    private static readonly (string Reply, Phrases Phrases)[] Rows =
    [
        ("user unknown", new Phrases(
            "invalid final delivery userid", "recipient name is not recognized", "recipient not found",
            // French, German, Spanish, Portuguese, Italian, Dutch.
            "inconnu", "n'existe pas", "destinataire invalide", "adresse introuvable", "existiert nicht", "unbekannter empfänger",
            "empfänger unbekannt", "empfängeradresse", "benutzer unbekannt", "adresse nicht gefunden", "no existe", "desconocido",
            "no se ha encontrado la dirección", "não existe", "não foi encontrado", "desconhecid", "endereço não encontrado", "non esiste",
            "sconosciuto", "indirizzo non trovato", "bestaat niet", "onbekende gebruiker", "gebruiker onbekend", "adres niet gevonden",
            // Northern and eastern Europe.
            "finns inte", "findes ikke", "finnes ikke", "ei ole olemassa", "tuntematon käyttäjä", "nie istnieje", "nieznany użytkownik",
            "neexistuje", "nem létezik", "не существует", "не найден", "пользователь не", "не знайдено", "bulunamadı", "mevcut değil",
            // East Asia.
            "見つかりません", "見つかりませんでした", "存在しない", "存在しません", "宛先不明", "アドレス不明", "ユーザー不明", "不存在",
            "找不到", "查无此人", "無此",
            "존재하지 않", "찾을 수 없", "없는 사용자")),
        ("mailbox full", new Phrases(
            "boîte aux lettres pleine", "boîte de réception est pleine", "boîte est pleine", "quota dépassé", "postfach voll",
            "postfach ist voll", "postfach des empfängers ist voll", "speicherplatz", "buzón lleno", "buzón está lleno",
            "caixa postal cheia", "caixa de correio está cheia", "casella piena", "casella di posta è piena", "postvak is vol",
            "inkorg är full", "indbakke er fuld", "innboksen er full", "skrzynka jest pełna", "schránka je plná", "переполнен",
            "kutusu dolu", "容量を超え", "容量オーバー", "容量制限", "満杯", "いっぱい", "一杯", "已满", "已滿", "용량 초과", "가득")),
        ("account disabled", new Phrases(
            "gesperrt", "deaktiviert", "désactivé", "deshabilitad", "desativad", "disattivat", "uitgeschakeld", "заблокирован",
            "devre dışı", "無効", "停止され", "停用", "被禁用", "사용 중지")),
        ("message too large", new Phrases(
            "trop volumineux", "zu groß", "demasiado grande", "muito grande", "troppo grande", "te groot", "för stort", "слишком больш",
            "サイズが大き", "サイズ制限", "太大", "너무 큽니다")),
        ("rejected as spam", new Phrases(
            "considéré comme spam", "als spam", "como spam", "come spam", "som spam", "jako spam", "спам", "迷惑メール", "垃圾邮件",
            "垃圾郵件",
            "스팸")),
        ("rejected by recipient policy", new Phrases("受信拒否", "受信を拒否")),
        ("rejected by policy", new Phrases("拒否され", "被拒绝", "被拒絕")),
        ("host unknown", new Phrases(
            "domaine introuvable", "domäne nicht gefunden", "domain nicht gefunden", "dominio no encontrado", "domínio não encontrado",
            "dominio non trovato", "домен не", "ドメインが", "域名", "도메인")),
        ("connection refused", new Phrases("接続できません", "接続に失敗", "接続を拒否", "连接失败", "連線失敗")),
    ];

    /// <summary>What a link in the text says, whatever its words are; null: nothing.</summary>
    public static string? OfLink(string text) => Find(Links, text);

    /// <summary>The row for that text; null where none fits.</summary>
    public static string? Of(string text) => Find(Rows, text);

    private static string? Find((string Reply, Phrases Phrases)[] rows, string text)
    {
        foreach (var (reply, phrases) in rows)
            if (phrases.IsIn(text)) return reply;
        return null;
    }
}
