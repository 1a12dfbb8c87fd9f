using System.Buffers;
using System.Text;

namespace Webcluster.Protocol.Addresses;

/// <summary>The part before the "@": a dot-string, or a quoted string (RFC 5321 §4.1.2, RFC 6531 §3.3). The text is valid UTF-8.</summary>
internal static class LocalPart
{
    /// <summary>rfc5321#4.5.3.1.1, quotes included.</summary>
    public const int MaxOctets = 64;

    private const string AtomText = "!#$%&'*+-/0123456789=?ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz{|}~.";

    private static readonly SearchValues<byte> DotString = SearchValues.Create([.. Encoding.ASCII.GetBytes(AtomText), .. BeyondAscii()]);

    /// <summary>Octets of the local part at the start of <paramref name="text"/>, as it stands there; 0 where there is none.</summary>
    public static int Measure(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || text[0] != '"')
        {
            var length = text.IndexOfAnyExcept(DotString);
            return length < 0 ? text.Length : length;
        }

        for (var at = 1; at < text.Length; at++)
        {
            if (text[at] == '"') return at + 1;
            if (text[at] == '\\') at++;
        }

        return 0;
    }

    /// <summary>What stands in a local part that <see cref="Measure"/> found, quotes and backslashes taken out.</summary>
    public static bool TryDecode(scoped ReadOnlySpan<byte> text, out string value)
    {
        value = "";
        if (text.Length is 0 or > MaxOctets) return false;
        Span<byte> unquoted = stackalloc byte[MaxOctets];
        if (text[0] == '"')
        {
            if (!TryUnquote(text[1..^1], unquoted, out var length)) return false;
            text = unquoted[..length];
        }
        else if (text[0] == '.' || text[^1] == '.' || text.IndexOf(".."u8) >= 0) return false;

        value = Encoding.UTF8.GetString(text);
        if (Ascii.IsValid(text)) return true;
        foreach (var rune in value.EnumerateRunes())
            if (!UnicodeRules.MayStandInLocalPart(rune)) return false;
        return true;
    }

    /// <summary>The form for the wire: in quotes where a dot-string cannot hold it.</summary>
    public static string Write(string value)
    {
        if (IsDotString(value)) return value;
        var quoted = new StringBuilder(value.Length + 2).Append('"');
        foreach (var c in value)
        {
            if (c is '"' or '\\') quoted.Append('\\');
            quoted.Append(c);
        }

        return quoted.Append('"').ToString();
    }

    private static bool TryUnquote(ReadOnlySpan<byte> text, Span<byte> unquoted, out int length)
    {
        length = 0;
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '\\') at++;
            // rfc5321#4.1.2: qtextSMTP and quoted-pairSMTP are printable; no control character can be quoted.
            if (text[at] is < 0x20 or 0x7F) return false;
            unquoted[length++] = text[at];
        }

        return true;
    }

    private static bool IsDotString(string value)
    {
        if (value.Length == 0 || value[0] == '.' || value[^1] == '.' || value.Contains("..", StringComparison.Ordinal)) return false;
        foreach (var c in value)
            if (c < 0x80 && !DotString.Contains((byte)c)) return false;
        return true;
    }

    private static IEnumerable<byte> BeyondAscii() => Enumerable.Range(0x80, 0x80).Select(value => (byte)value);
}
