using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Webcluster.Protocol.Addresses;

namespace Webcluster.Protocol.Smtp;

/// <summary>
/// The address of ORCPT=utf-8;... (RFC 6533 §3): printable text, with "\x{HEX}" for a character that may not stand there. Both forms are
/// read (utf-8-addr-xtext and -unitext); only the first is written, as it goes through any server.
/// </summary>
internal static class Utf8AddressXtext
{
    private const int MaxHexDigits = 6;

    /// <summary>The text is valid UTF-8. False where it is malformed or stands for a control or an invisible character.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> text, out string value)
    {
        value = "";
        var decoded = new StringBuilder(text.Length);
        while (!text.IsEmpty)
        {
            Rune.DecodeFromUtf8(text, out var rune, out var length);
            // rfc6533#3: QCHAR has no "+", "=" and backslash.
            if (rune.Value is ' ' or '+' or '=') return false;
            if (rune.Value == '\\' && !TryReadEscape(text, out rune, out length)) return false;
            if (UnicodeRules.IsInvisible(rune)) return false;
            decoded.Append(rune);
            text = text[length..];
        }

        value = decoded.ToString();
        return true;
    }

    public static void Write(string value, StringBuilder output)
    {
        foreach (var rune in value.EnumerateRunes())
            if (rune.Value is > ' ' and < 0x7F and not ('+' or '=' or '\\')) output.Append((char)rune.Value);
            else output.Append(CultureInfo.InvariantCulture, $"\\x{{{rune.Value:X2}}}");
    }

    private static bool TryReadEscape(ReadOnlySpan<byte> text, out Rune rune, out int length)
    {
        rune = default;
        length = 0;
        if (!text.StartsWith("\\x{"u8)) return false;
        var digits = text[3..].IndexOf((byte)'}');
        if (digits is < 2 or > MaxHexDigits) return false;
        if (!Utf8Parser.TryParse(text.Slice(3, digits), out uint value, out var used, 'x') || used != digits) return false;
        length = 3 + digits + 1;
        return Rune.TryCreate(value, out rune);
    }
}
