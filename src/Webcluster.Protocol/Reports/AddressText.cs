using System.Buffers;
using Webcluster.Protocol.Classification.Text;

namespace Webcluster.Protocol.Reports;

/// <summary>Addresses in running text: around each "@" as far as characters go that an address may have. Linear.</summary>
internal static class AddressText
{
    private const int MaxLocalPart = 128;
    private const int MaxDomain = 255;

    private static readonly SearchValues<char> Edges = SearchValues.Create("'`*!|=.~^?{}&#/-");

    /// <summary>The first address of the text; null where there is none.</summary>
    public static string? First(string? text) => text is not null && TryFind(text, 0, out var found) ? found.Address : null;

    public static List<string> All(string? text, int most)
    {
        var addresses = new List<string>();
        for (var at = 0; text is not null && addresses.Count < most && TryFind(text, at, out var found); at = found.End)
            addresses.Add(found.Address);
        return addresses;
    }

    public static bool TryFind(string text, int from, out AddressMatch match)
    {
        match = default;
        for (var at = from; at < text.Length; at++)
        {
            at = text.IndexOf('@', at);
            if (at < 0) return false;
            var start = LocalPartStart(text, at, from);
            var end = DomainEnd(text, at + 1);
            if (start == at || end == 0) continue;
            match = new AddressMatch(start, end, Unquoted(text[start..at]) + text[at..end]);
            return true;
        }

        return false;
    }

    private static int LocalPartStart(string text, int at, int from)
    {
        var limit = Math.Max(from, at - MaxLocalPart);
        if (at > limit && text[at - 1] == '"')
        {
            var quote = at - 2 >= limit ? text.LastIndexOf('"', at - 2, at - 1 - limit) : -1;
            return quote < 0 ? at : quote;
        }

        if (at == limit) return at;
        var start = at;
        // Words of a script without spaces that stand before "ann@a.example" end it; whole such names, and those at such domains, stay.
        var isAscii = char.IsAscii(text[at - 1]) && at + 1 < text.Length && char.IsAscii(text[at + 1]);
        while (start > limit && IsLocal(text[start - 1]) && !(isAscii && Letters.IsWordByItself(text[start - 1]))) start--;
        while (start < at && Edges.Contains(text[start])) start++;
        return start;
    }

    // 0 where no domain with a dot stands there.
    private static int DomainEnd(string text, int start)
    {
        var limit = Math.Min(text.Length, start + MaxDomain);
        var end = start;
        while (end < limit && IsDomain(text[end])) end++;
        end = LastLabelEnd(text, start, end);
        while (end > start && text[end - 1] is '.' or '-') end--;
        var domain = text.AsSpan(start, end - start);
        return domain.IndexOf('.') > 0 && !domain.Contains("..", StringComparison.Ordinal) ? end : 0;
    }

    // "a.exampleの": what follows ASCII letters in the last label is the next word.
    private static int LastLabelEnd(string text, int start, int end)
    {
        var label = text.AsSpan(start, end - start).LastIndexOf('.') + 1 + start;
        if (label == start || label == end || !char.IsAscii(text[label])) return end;
        for (var at = label; at < end; at++)
            if (Letters.IsWordByItself(text[at])) return at;
        return end;
    }

    // Quotation, punctuation and white space of other scripts end an address.
    private static bool IsLocal(char c) =>
        c > '\x7F' ? char.IsLetterOrDigit(c) || char.IsSurrogate(c) : char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-/=?^_`{|}~.".Contains(c);

    private static bool IsDomain(char c) => char.IsLetterOrDigit(c) || c is '.' or '-' or '_';

    // rfc5321#4.1.2: quotes that the characters inside do not need, consecutive dots included, were not part of what the sender wrote.
    private static string Unquoted(string local) =>
        local is ['"', .. var inner, '"'] && inner.Length > 0 && inner.All(c => IsLocal(c)) ? inner : local;
}

internal readonly record struct AddressMatch(int Start, int End, string Address);
