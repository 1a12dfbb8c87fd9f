using System.Globalization;
using Webcluster.Protocol.Classification.Text;
using Webcluster.Protocol.Smtp;

namespace Webcluster.Protocol.Classification.Rules;

/// <summary>A reply code such as 550, or all permanent (5yz) or temporary (4yz) ones, or none (unsaid). Where the reply has none, its
/// enhanced code says whether it is permanent.</summary>
internal readonly record struct DigitPattern(int Code)
{
    private const int Unsaid = 1;

    public static bool TryParse(string text, out DigitPattern pattern)
    {
        pattern = text switch
        {
            "5yz" => new DigitPattern(5),
            "4yz" => new DigitPattern(4),
            "unsaid" => new DigitPattern(Unsaid),
            _ => new DigitPattern(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? code : 0),
        };
        return pattern.Code is Unsaid or 4 or 5 or >= 400 and <= 599;
    }

    public bool Fits(in ReplyText reply) => Code switch
    {
        5 => reply.Permanent == true,
        4 => reply.Permanent == false,
        Unsaid => reply.Permanent is null,
        _ => reply.Code == Code,
    };
}

/// <summary>An enhanced code such as 5.1.1; x stands for any class, * for any subject or detail.</summary>
internal readonly record struct EnhancedPattern(int Class, int Subject, int Detail)
{
    private const int Any = -1;

    public static bool TryParse(string text, out EnhancedPattern pattern)
    {
        pattern = default;
        var parts = text.Split('.');
        if (parts.Length != 3 || !TryPart(parts[0], "x", out var first) || !TryPart(parts[1], "*", out var subject)
            || !TryPart(parts[2], "*", out var detail)) return false;
        pattern = new EnhancedPattern(first, subject, detail);
        return true;
    }

    public bool Fits(EnhancedCode code) =>
        !code.IsNone && (Class == Any || Class == code.Class) && (Subject == Any || Subject == code.Subject)
            && (Detail == Any || Detail == code.Detail);

    private static bool TryPart(string text, string any, out int number)
    {
        number = Any;
        return text == any || int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
