using System.Text;
using Webcluster.Protocol.Headers;

namespace Webcluster.Submission.Acceptance;

/// <summary>
/// Tells a header whose first line is no field (a byte order mark, an mbox line, a name with an umlaut) from a body that has no header: by
/// fields that follow. Taken for a body, it would show its Bcc to everybody. Below a first line that is a sentence, what reads as From or
/// Subject is text, as scripts and devices send it.
/// </summary>
internal static class BrokenHeader
{
    // What must not be seen, or stands in no text by chance.
    private static readonly byte[][] InHeadersOnly = Names("Bcc Resent-Bcc MIME-Version");

    // At least one of these or those stands in every header. Date does not count: it begins lines of many a text.
    private static readonly byte[][] Usual = Names("From To Cc Subject Message-ID Received");

    /// <summary>The first line is meant as one of a header and a usual field follows; or one no text has, or for this server.</summary>
    public static bool Is(ReadOnlySpan<byte> content)
    {
        var rest = content[..Math.Min(content.Length, HeaderBlock.MaxOctets)];
        if (rest.StartsWith("\uFEFF"u8)) rest = rest["\uFEFF"u8.Length..];
        var isMeant = BeginsHeader(rest);
        while (!rest.IsEmpty && !rest.StartsWith("\r\n"u8))
        {
            if (StartsWith(rest, "X-WC-"u8) || IsField(rest, InHeadersOnly) || (isMeant && IsField(rest, Usual))) return true;
            var end = rest.IndexOf("\r\n"u8);
            if (end < 0) return false;
            rest = rest[(end + 2)..];
        }

        return false;
    }

    // An mbox line, or one word before a colon: a name, though one that no field may have.
    private static bool BeginsHeader(ReadOnlySpan<byte> content)
    {
        if (content.StartsWith("From "u8) || content.StartsWith(">From "u8)) return true;
        var end = content.IndexOfAny("\r:"u8);
        return end >= 0 && content[end] == ':' && !content[..end].TrimEnd(" \t"u8).ContainsAny(" \t"u8);
    }

    private static bool IsField(ReadOnlySpan<byte> line, byte[][] names)
    {
        foreach (var name in names)
            if (StartsWith(line, name) && line[name.Length..].TrimStart(" \t"u8) is [(byte)':', ..]) return true;
        return false;
    }

    private static bool StartsWith(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name) =>
        line.Length > name.Length && Ascii.EqualsIgnoreCase(line[..name.Length], name);

    private static byte[][] Names(string names) => [.. names.Split(' ').Select(Encoding.ASCII.GetBytes)];
}
