using System.Text;
using System.Text.Unicode;

namespace Webcluster.Protocol.Mime;

/// <summary>Octets to text by the name of a character set. Always gives text: an unknown or wrong name is UTF-8 or else Latin-1.</summary>
internal static class Charset
{
    public static string Decode(ReadOnlySpan<byte> octets, string? name)
    {
        if (Find(name) is not { } encoding) return Utf8OrLatin1(octets);
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

    public static string Utf8OrLatin1(ReadOnlySpan<byte> octets) =>
        Utf8.IsValid(octets) ? Encoding.UTF8.GetString(octets) : Encoding.Latin1.GetString(octets);

    // Null for what UTF-8 or Latin-1 reads as well, and for UTF-7, whose reports are ASCII.
    private static Encoding? Find(string? name)
    {
        if (string.IsNullOrEmpty(name)) return null;
        var known = name.Trim().ToLowerInvariant();
        if (known is "utf-8" or "us-ascii" or "iso-8859-1" || known.Contains("utf-7", StringComparison.Ordinal)) return null;
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(known) ?? Encoding.GetEncoding(known);
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
