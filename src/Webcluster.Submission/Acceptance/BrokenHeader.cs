using System.Text;
using Webcluster.Protocol.Headers;

namespace Webcluster.Submission.Acceptance;

/// <summary>
/// Tells a header whose first line is no field (a byte order mark, an mbox line, a name with an umlaut) from a body that has no header: by
/// fields that follow. Taken for a body, it would show its Bcc to everybody.
/// </summary>
internal static class BrokenHeader
{
    // At least one of them stands in every header. Date does not count: it begins lines of many a text.
    private static readonly byte[][] Names =
        [.. "From To Cc Bcc Subject Message-ID MIME-Version Received".Split(' ').Select(Encoding.ASCII.GetBytes)];

    /// <summary>A line before the first empty one reads as a usual field, or as one for this server.</summary>
    public static bool Is(ReadOnlySpan<byte> content)
    {
        var rest = content[..Math.Min(content.Length, HeaderBlock.MaxOctets)];
        if (rest.StartsWith("\uFEFF"u8)) rest = rest["\uFEFF"u8.Length..];
        while (!rest.IsEmpty && !rest.StartsWith("\r\n"u8))
        {
            if (IsField(rest)) return true;
            var end = rest.IndexOf("\r\n"u8);
            if (end < 0) return false;
            rest = rest[(end + 2)..];
        }

        return false;
    }

    private static bool IsField(ReadOnlySpan<byte> line)
    {
        if (StartsWith(line, "X-WC-"u8)) return true;
        foreach (var name in Names)
            if (StartsWith(line, name) && line[name.Length..].TrimStart(" \t"u8) is [(byte)':', ..]) return true;
        return false;
    }

    private static bool StartsWith(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name) =>
        line.Length > name.Length && Ascii.EqualsIgnoreCase(line[..name.Length], name);
}
