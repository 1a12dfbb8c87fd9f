using System.Globalization;
using Webcluster.Protocol.Smtp;

namespace Webcluster.Delivery.Providers.Replies;

/// <summary>A reply as one line, the way logs show it and rules give examples: "421 4.7.0 text".</summary>
internal static class ReplyExample
{
    /// <summary>Null: the line does not begin with the code of a refusal.</summary>
    public static SmtpReply? Parse(string line)
    {
        if (line.Length < 4 || line[3] is not (' ' or '-')) return null;
        if (!int.TryParse(line.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code)) return null;
        if (code is < 400 or > 599) return null;
        var text = line[4..].TrimStart(' ');
        if (!EnhancedCode.TryParsePrefix(text, out var enhanced, out var length) || enhanced.Class != code / 100)
            return new SmtpReply(code, default, text);
        return new SmtpReply(code, enhanced, text[length..].TrimStart(' '));
    }
}
