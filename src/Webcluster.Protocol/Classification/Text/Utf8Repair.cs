namespace Webcluster.Protocol.Classification.Text;

/// <summary>Replies in UTF-8 that were read as Latin-1, octet by octet: put together again where the octets are well-formed.</summary>
internal static class Utf8Repair
{
    public static ReadOnlySpan<char> Repair(string text, int maxLength)
    {
        var cut = text.AsSpan(0, Math.Min(text.Length, maxLength));
        if (!cut.ContainsAnyInRange((char)0xC2, (char)0xEF)) return cut;
        var repaired = new char[cut.Length];
        var length = 0;
        for (var at = 0; at < cut.Length;) repaired[length++] = Next(cut, ref at);
        return repaired.AsSpan(0, length);
    }

    // rfc3629#3
    private static char Next(ReadOnlySpan<char> text, ref int at)
    {
        var first = text[at++];
        if (first is >= (char)0xC2 and <= (char)0xDF && IsTail(text, at)) return (char)(((first & 0x1F) << 6) | (text[at++] & 0x3F));
        if (first is >= (char)0xE0 and <= (char)0xEF && IsTail(text, at) && IsTail(text, at + 1))
            return (char)(((first & 0x0F) << 12) | ((text[at++] & 0x3F) << 6) | (text[at++] & 0x3F));
        return first;
    }

    private static bool IsTail(ReadOnlySpan<char> text, int at) => at < text.Length && text[at] is >= (char)0x80 and <= (char)0xBF;
}
