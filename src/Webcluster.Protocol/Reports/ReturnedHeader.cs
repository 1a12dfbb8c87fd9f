using System.Buffers;

namespace Webcluster.Protocol.Reports;

/// <summary>Finds the header of the returned message where it stands in a report's text: quoted, indented or plain.</summary>
internal static class ReturnedHeader
{
    private const int MaxBlock = 200;
    private const int FieldsNeeded = 3;

    private static readonly HashSet<string> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        "received", "return-path", "message-id", "date", "from", "to", "cc", "subject", "mime-version", "content-type",
        "content-transfer-encoding", "dkim-signature", "domainkey-signature", "arc-seal", "reply-to", "sender", "delivered-to",
        "references", "in-reply-to", "user-agent", "precedence", "authentication-results", "errors-to", "thread-topic", "thread-index",
    };

    private static readonly string[] Marks =
    [
        "original message", "original mail", "original e-mail", "copy of the message", "copy of your message", "copy of the original",
        "headers follow", "header follows", "message follows", "unsent message", "returned message", "message header",
        "returned mail follows", "header of the original", "headers of the original", "headers of your", "lines of your original",
        "text of your message", "bounced e-mail", "undelivered message", "returned content", "message d'origine", "message original",
        "mensaje original", "mensagem original", "ursprüngliche nachricht", "originalnachricht", "kopie der nachricht",
        "oorspronkelijk bericht", "messaggio originale", "исходное сообщение", "текст вашего", "元のメッセージ", "原始邮件", "原邮件",
    ];

    private static readonly SearchValues<char> Quoting = SearchValues.Create(" \t>|");

    /// <summary>Is this a line like "--- Below this line is a copy of the message"?</summary>
    public static bool IsMark(string line)
    {
        var text = line.AsSpan().Trim();
        return text.Length is > 3 and < 200 && "-=*_#>".Contains(text[0]) && text[0] == text[1] && MentionsOriginal(line);
    }

    public static bool MentionsOriginal(string line) =>
        Array.Exists(Marks, mark => line.Contains(mark, StringComparison.OrdinalIgnoreCase));

    /// <summary>Lines from <paramref name="start"/> on that are the header of a message; 0 where they are none.</summary>
    public static int Length(IReadOnlyList<string> lines, int start, out bool hasTrace)
    {
        hasTrace = false;
        if (FieldName(lines[start]) is not { } first || !IsKnown(first)) return 0;
        var known = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var index = start;
        for (; index < lines.Count && index - start < MaxBlock; index++)
        {
            var text = lines[index].AsSpan().TrimStart(" \t>|");
            if (text.IsEmpty) break;
            if (FieldName(lines[index]) is { } name)
            {
                if (IsKnown(name)) known.Add(name.StartsWith("x-", StringComparison.OrdinalIgnoreCase) ? "x" : name);
            }
            else if (index == start || !IsFolded(lines[index], lines[start])) break;
        }

        hasTrace = known.Contains("received") || known.Contains("return-path") || known.Contains("dkim-signature");
        return known.Count >= FieldsNeeded ? index - start : 0;
    }

    /// <summary>The line without what quotes or indents it.</summary>
    public static string Unquote(string line, string firstLine)
    {
        var prefix = firstLine.AsSpan().IndexOfAnyExcept(Quoting);
        return line.Length >= prefix ? line[prefix..] : line.TrimStart();
    }

    // Deeper than the header itself, where that is quoted or indented.
    private static bool IsFolded(string line, string first) =>
        line.AsSpan().IndexOfAnyExcept(Quoting) > Math.Max(0, first.AsSpan().IndexOfAnyExcept(Quoting));

    private static bool IsKnown(string name) => Known.Contains(name) || name.StartsWith("x-", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("list-", StringComparison.OrdinalIgnoreCase);

    private static string? FieldName(string line)
    {
        var text = line.AsSpan().TrimStart(" \t>|");
        var colon = text.IndexOf(':');
        if (colon is <= 0 or > 60) return null;
        var name = text[..colon].TrimEnd();
        return name.IndexOfAnyExceptInRange('!', '~') < 0 ? name.ToString() : null;
    }
}
