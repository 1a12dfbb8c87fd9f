using System.Globalization;

namespace Webcluster.Protocol.Smtp;

/// <summary>An enhanced mail system status code, class.subject.detail (RFC 3463). The default value means "none given".</summary>
public readonly record struct EnhancedCode(byte Class, ushort Subject, ushort Detail)
{
    /// <summary>"5.123.456"</summary>
    public const int MaxLength = 9;

    public bool IsNone => Class == 0;

    /// <summary>Reads a code at the start of <paramref name="text"/>; it must end there or before a space. Class is 2, 4 or 5.</summary>
    public static bool TryParsePrefix(ReadOnlySpan<char> text, out EnhancedCode code, out int length)
    {
        code = default;
        length = 0;
        // rfc3463#2: class 2, 4 or 5; subject and detail of one to three digits.
        if (text.Length < 5 || text[0] is not ('2' or '4' or '5') || text[1] != '.') return false;
        var at = 2;
        if (!TryReadNumber(text, ref at, out var subject) || at >= text.Length || text[at] != '.') return false;
        at++;
        if (!TryReadNumber(text, ref at, out var detail)) return false;
        if (at < text.Length && text[at] != ' ') return false;
        code = new EnhancedCode((byte)(text[0] - '0'), subject, detail);
        length = at;
        return true;
    }

    public static bool TryParse(ReadOnlySpan<char> text, out EnhancedCode code) =>
        TryParsePrefix(text, out code, out var length) && length == text.Length;

    public override string ToString() => IsNone ? "" : string.Create(CultureInfo.InvariantCulture, $"{Class}.{Subject}.{Detail}");

    private static bool TryReadNumber(ReadOnlySpan<char> text, ref int at, out ushort number)
    {
        number = 0;
        var start = at;
        while (at < text.Length && at - start < 3 && char.IsAsciiDigit(text[at])) number = (ushort)(number * 10 + (text[at++] - '0'));
        return at > start && (at == text.Length || !char.IsAsciiDigit(text[at]));
    }
}
