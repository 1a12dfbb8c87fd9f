using System.Buffers;
using Webcluster.Protocol.Smtp;

namespace Webcluster.Protocol.Classification.Text;

internal enum ChunkKind { Words, Url, Address, Ip, Time, Host }

/// <summary>What a run of characters between spaces and brackets is.</summary>
internal static class Chunks
{
    private static readonly SearchValues<char> HexAndColons = SearchValues.Create("0123456789abcdefABCDEF:.");

    /// <summary>Last labels of more than four letters that are met in names of servers.</summary>
    private static readonly HashSet<string> LongLastLabels = new(StringComparer.OrdinalIgnoreCase)
    {
        "local", "internal", "email", "online", "example", "invalid", "cloud", "domain", "localdomain", "localhost", "museum",
    };

    public static ChunkKind KindOf(ReadOnlySpan<char> chunk)
    {
        if (chunk.Contains("://", StringComparison.Ordinal) || chunk.StartsWith("www.", StringComparison.OrdinalIgnoreCase))
            return ChunkKind.Url;
        var at = chunk.IndexOf('@');
        if (at > 0 && at < chunk.Length - 1) return ChunkKind.Address;
        if (IsIp(chunk)) return ChunkKind.Ip;
        if (IsTime(chunk)) return ChunkKind.Time;
        return IsHost(chunk) ? ChunkKind.Host : ChunkKind.Words;
    }

    public static bool TryEnhanced(ReadOnlySpan<char> chunk, out EnhancedCode code) =>
        EnhancedCode.TryParse(chunk, out code) && code.Class != 2;

    public static bool IsReplyCode(ReadOnlySpan<char> chunk) =>
        chunk.Length == 3 && chunk[0] is '4' or '5' && char.IsAsciiDigit(chunk[1]) && char.IsAsciiDigit(chunk[2]);

    /// <summary>How long the telephone number is that the text begins with: "415) 555-2671", "512-555-0100"; 0: it is none. Its first
    /// digits look like a reply code. A blank alone between them does not tell: "550 555 1234 unknown".</summary>
    public static int Telephone(ReadOnlySpan<char> text)
    {
        if (text.Length < 12 || !IsNumber(text[..3]) || text[3] is not (')' or '-' or '.')) return 0;
        var end = text[4] == ' ' ? 13 : 12;
        if (text.Length < end || !IsNumber(text[(end - 8)..(end - 5)]) || text[end - 5] is not ('-' or '.' or ' ')) return 0;
        return IsNumber(text[(end - 4)..end]) && (text.Length == end || !char.IsAsciiDigit(text[end])) ? end : 0;
    }

    private static bool IsNumber(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('0', '9');

    private static bool IsIp(ReadOnlySpan<char> chunk)
    {
        var colons = chunk.Count(':');
        if (colons >= 2) return chunk.Length > 5 && !chunk.ContainsAnyExcept(HexAndColons) && !IsTime(chunk);
        if (colons == 1) chunk = chunk[..chunk.IndexOf(':')];
        if (chunk.IndexOf('/') is > 0 and var slash) chunk = chunk[..slash];
        return chunk.Count('.') == 3 && chunk.Length is >= 7 and <= 15
            && !chunk.ContainsAnyExcept("0123456789.#xX") && chunk[0] != '.' && chunk[^1] != '.'
            && !chunk.Contains("..", StringComparison.Ordinal);
    }

    private static bool IsTime(ReadOnlySpan<char> chunk) =>
        chunk.Length is >= 4 and <= 8 && chunk.Count(':') is 1 or 2 && char.IsAsciiDigit(chunk[^1]) && char.IsAsciiDigit(chunk[0])
            && !chunk.ContainsAnyExcept("0123456789:") && chunk.IndexOf(':') <= 2;

    private static bool IsHost(ReadOnlySpan<char> chunk)
    {
        var dot = chunk.LastIndexOf('.');
        if (dot <= 0 || chunk[0] == '.' || chunk.Contains("..", StringComparison.Ordinal)) return false;
        var last = chunk[(dot + 1)..];
        foreach (var letter in last)
            if (!char.IsAsciiLetter(letter)) return false;
        // "unknown.Please" is a missing space, not a host.
        if (last.Length < 2 || (char.IsAsciiLetterUpper(last[0]) && char.IsAsciiLetterLower(last[1]))) return false;
        foreach (var letter in chunk[..dot])
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('.' or '-' or '_')) return false;
        return last.Length <= 4 || LongLastLabels.GetAlternateLookup<ReadOnlySpan<char>>().Contains(last);
    }
}
