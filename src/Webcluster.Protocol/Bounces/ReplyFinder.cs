using System.Globalization;
using Webcluster.Protocol.Classification.Text;
using Webcluster.Protocol.Smtp;

namespace Webcluster.Protocol.Bounces;

/// <summary>SMTP reply codes and enhanced codes in running text.</summary>
internal static class ReplyFinder
{
    /// <summary>The first negative reply: three digits, 4xx or 5xx, that begin a text of their own.</summary>
    public static int? Reply(string text, out int start)
    {
        for (start = 0; start + 3 <= text.Length; start++)
        {
            if (text[start] is not ('4' or '5') || !char.IsAsciiDigit(text[start + 1]) || !char.IsAsciiDigit(text[start + 2])) continue;
            if (text[start + 1] > '7' || !EndsCode(text, start + 3) || Chunks.Telephone(text.AsSpan(start)) > 0) continue;
            if (!StartsReply(text, start) && !HasStatus(text, start)) continue;
            return int.Parse(text.AsSpan(start, 3), NumberStyles.None, CultureInfo.InvariantCulture);
        }

        start = -1;
        return null;
    }

    /// <summary>The first enhanced code; none where there is none.</summary>
    public static EnhancedCode Status(string text)
    {
        for (var at = 0; at + 5 <= text.Length; at++)
        {
            if (text[at] is not ('2' or '4' or '5') || text[at + 1] != '.') continue;
            if (at > 0 && (char.IsLetterOrDigit(text[at - 1]) || text[at - 1] is '.' or '/' or '_')) continue;
            // "550-5.7.26", but no other name with a dash.
            if (at > 0 && text[at - 1] == '-' && (at < 4 || !char.IsAsciiDigit(text[at - 2]) || text[at - 4] != text[at])) continue;
            var end = at + 1;
            while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] == '.')) end++;
            // A full stop behind it is not part of it; a fourth number makes it an IP address or a version.
            if (EnhancedCode.TryParse(text.AsSpan(at, end - at).TrimEnd('.'), out var code)) return code;
            at = end - 1;
        }

        return default;
    }

    // "421 4.2.1": both codes, of one class, are a reply wherever they stand.
    private static bool HasStatus(string text, int start) =>
        start + 6 < text.Length && (start == 0 || !char.IsLetterOrDigit(text[start - 1]))
            && text[start + 4] == text[start] && text[start + 5] == '.';

    // Behind white space, a colon, a bracket, "#" or a quote. "in 450 lines" does not begin a text of its own; "错误代码550" does.
    private static bool StartsReply(string text, int start)
    {
        var at = start - 1;
        if (at < 0 || text[at] is '\n' or ':' or '#' or '"' or '\'' or '(' or '[' or '<' or '>' or ';' or ',') return true;
        if (Letters.IsWidePunctuation(text[at])) return true;
        if (Letters.IsWordByItself(text[at])) return EndsWithWord(text, start);
        if (text[at] is not (' ' or '\t')) return false;
        while (at >= 0 && text[at] is ' ' or '\t') at--;
        return at < 0 || Letters.IsWidePunctuation(text[at])
            || text[at] is '\n' or ':' or '<' or '>' or ';' or ',' or '=' or '.' or '-' || EndsWithWord(text, at + 1);
    }

    private static bool EndsWithWord(string text, int end)
    {
        foreach (var word in IntroducingWords)
            if (text.AsSpan(0, end).EndsWith(word, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }

    private static readonly string[] IntroducingWords =
        ["said", "says", "error", "code", "reason", "smtp", "responsecode", "response", "returned", "reply", "replied", "was", "status",
            "message", "错误", "錯誤", "代码", "代碼", "错误码", "错误号", "返回", "エラー", "コード", "応答", "오류", "코드", "응답"];

    private static bool EndsCode(string text, int end)
    {
        if (end == text.Length) return true;
        if (text[end] is ' ' or '\t') return end + 1 < text.Length && !IsUnit(text, end + 1);
        if (Letters.IsWidePunctuation(text[end]) || (Letters.IsWordByItself(text[end]) && !WideUnits.Contains(text[end]))) return true;
        var isFullStop = text[end] == '.' && (end + 1 == text.Length || text[end + 1] == ' ');
        return isFullStop || "-:,\n)]'\"".Contains(text[end]);
    }

    private static bool IsUnit(string text, int at) =>
        Array.Exists(Units, unit => string.Compare(text, at, unit, 0, unit.Length, StringComparison.OrdinalIgnoreCase) == 0);

    /// <summary>Seconds, minutes, hours, days, lines, pieces, times, letters, people, characters, money.</summary>
    private const string WideUnits = "秒分时時小天日月行件封通个個条條次回字人名位元円万번개건통초시일줄명회";

    private static readonly string[] Units =
        ["lines", "bytes", "seconds", "minutes", "hours", "days", "recipients", "messages", "kb", "mb", "octets", "characters", "times"];
}
