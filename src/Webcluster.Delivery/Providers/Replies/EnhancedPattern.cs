using System.Globalization;
using Webcluster.Protocol.Smtp;

namespace Webcluster.Delivery.Providers.Replies;

/// <summary>Enhanced codes of refusals: class.subject.detail, where subject and detail may be * for any.</summary>
internal readonly record struct EnhancedPattern(byte Class, ushort? Subject, ushort? Detail)
{
    public static bool TryParse(string text, out EnhancedPattern pattern)
    {
        pattern = default;
        var parts = text.Split('.');
        if (parts is not [['4' or '5'], _, _]) return false;
        if (!TryNumber(parts[1], out var subject) || !TryNumber(parts[2], out var detail)) return false;
        pattern = new EnhancedPattern((byte)(parts[0][0] - '0'), subject, detail);
        return true;
    }

    public bool Matches(EnhancedCode code) =>
        code.Class == Class && (Subject is null || Subject == code.Subject) && (Detail is null || Detail == code.Detail);

    private static bool TryNumber(string text, out ushort? number)
    {
        number = ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value < 1000 ? value : null;
        return number is not null || text == "*";
    }
}
