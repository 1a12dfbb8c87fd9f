using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Webcluster.Protocol.Mime;

/// <summary>Octets to text by the name of a character set. Always gives text: an unknown or wrong name is what the octets' escapes say,
/// UTF-8 or else Latin-1.</summary>
internal static class Charset
{
    // Names that are met besides those that .NET knows.
    private static readonly Dictionary<string, int> Aliases = new(StringComparer.Ordinal)
    {
        ["windows-31j"] = 932, ["shiftjis"] = 932, ["x-gbk"] = 936, ["gb-2312"] = 936, ["uhc"] = 949, ["euckr"] = 949, ["euc_kr"] = 949,
        ["x-big5"] = 950, ["big5hkscs"] = 950, ["koi8_r"] = 20866, ["iso-2022-jp-ms"] = Iso2022Jp, ["iso-2022-jp-1"] = Iso2022Jp,
        ["iso-2022-jp-2"] = Iso2022Jp, ["iso-2022-jp-3"] = Iso2022Jp, ["eucjp"] = 51932, ["euc_jp"] = 51932, ["eucjp-ms"] = 51932,
    };

    /// <summary>What may stand before a number, and what that number is counted from in code pages.</summary>
    private static readonly (string Prefix, int Offset)[] Numbered =
    [
        ("cp", 0), ("ms", 0), ("windows-", 0), ("x-windows-", 0), ("windows", 0), ("win-", 0),
        ("iso8859-", Iso8859), ("iso8859_", Iso8859), ("8859_", Iso8859),
    ];

    private const int Iso2022Jp = 50220, Iso2022Kr = 50225, Iso8859 = 28590;

    public static string Decode(ReadOnlySpan<byte> octets, string? name)
    {
        if ((Find(name) ?? OfEscapes(octets)) is not { } encoding) return Utf8OrLatin1(octets);
        try
        {
            return encoding.GetString(octets);
        }
        catch (ArgumentException)
        {
            // A stateful encoding may refuse what it cannot follow, whatever its fallback.
            return Utf8OrLatin1(octets);
        }
    }

    private static string Utf8OrLatin1(ReadOnlySpan<byte> octets) =>
        Utf8.IsValid(octets) ? Encoding.UTF8.GetString(octets) : Encoding.Latin1.GetString(octets);

    // Null for what UTF-8 or Latin-1 reads as well, and for UTF-7, whose reports are ASCII.
    private static Encoding? Find(string? name)
    {
        if (string.IsNullOrEmpty(name)) return null;
        var known = name.Trim().ToLowerInvariant();
        if (known is "utf-8" or "us-ascii" or "iso-8859-1" || known.Contains("utf-7", StringComparison.Ordinal)) return null;
        try
        {
            return CodePageOf(known) is { } page
                ? CodePagesEncodingProvider.Instance.GetEncoding(page) ?? Encoding.GetEncoding(page)
                : CodePagesEncodingProvider.Instance.GetEncoding(known) ?? Encoding.GetEncoding(known);
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private static int? CodePageOf(string known)
    {
        if (Aliases.TryGetValue(known, out var page)) return page;
        foreach (var (prefix, offset) in Numbered)
            if (known.StartsWith(prefix, StringComparison.Ordinal)
                && int.TryParse(known.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number is > 0 and <= ushort.MaxValue)
                return offset + number;
        return null;
    }

    // rfc1468, rfc1557: seven-bit text that old servers send without saying so; in no other do these escapes stand.
    private static Encoding? OfEscapes(ReadOnlySpan<byte> octets) =>
        octets.IndexOf("\e$B"u8) >= 0 || octets.IndexOf("\e$@"u8) >= 0 ? CodePagesEncodingProvider.Instance.GetEncoding(Iso2022Jp)
        : octets.IndexOf("\e$)C"u8) >= 0 ? CodePagesEncodingProvider.Instance.GetEncoding(Iso2022Kr)
        : null;
}
