using Webcluster.Protocol.Reports;

namespace Webcluster.Protocol.Bounces;

/// <summary>Reads one line of a report for the addresses it names, and how.</summary>
internal static class MentionReader
{
    private const int MaxInline = 5;

    public static IEnumerable<RecipientMention> Read(string line, int index)
    {
        if (!line.Contains('@', StringComparison.Ordinal)) yield break;
        if (Session(line, index) is { } session)
        {
            yield return session;
            yield break;
        }

        var start = SkipMarks(line, 0, out _);
        var label = LabelLength(line, start);
        var addressStart = label > 0 ? SkipMarks(line, start + label, out _) : start;
        if (AddressText.TryFind(line, addressStart, out var match) && match.Start <= addressStart + 1)
        {
            var rest = Behind(line, match.End);
            if (label > 0) yield return new RecipientMention(index, match.Address, MentionStrength.Labelled, rest);
            else yield return Named(index, match.Address, rest);
            yield break;
        }

        if (BouncePhrases.NotOfRecipient.IsIn(line)) yield break;
        foreach (var found in Inline(line, index)) yield return found;
    }

    // "554 <user@example.com>... User unknown", ">>> RCPT To:<user@example.com>", "<<< 550 <user@example.com>: unknown".
    private static RecipientMention? Session(string line, int index)
    {
        var text = line.AsSpan().TrimStart(" \t<>.");
        if (StartsWith(text, "rcpt to") || StartsWith(text, "sent <<< rcpt to") || StartsWith(text, "sent >>> rcpt to") || StartsWith(text, "rcpt:"))
            return AddressText.TryFind(line, 0, out var command)
                ? new RecipientMention(index, command.Address, MentionStrength.Session, Behind(line, command.End))
                : null;
        if (text.Length < 5 || text[0] is not ('4' or '5') || !char.IsAsciiDigit(text[1]) || !char.IsAsciiDigit(text[2])) return null;
        if (text[3] is not (' ' or '-')) return null;
        if (!AddressText.TryFind(line, 0, out var match)) return null;
        // Codes stand in front of it, and nothing else.
        var between = line.AsSpan(0, match.Start).TrimEnd(" \t<\"'[(");
        return between.IndexOfAnyExcept(CodeCharacters) < 0
            ? new RecipientMention(index, match.Address, MentionStrength.Session, line[line.IndexOf(text[0], StringComparison.Ordinal)..])
            : null;
    }

    // "user@example.com <other@example.com>": the first is a display name.
    private static RecipientMention Named(int index, string address, string rest)
    {
        if (rest.AsSpan().TrimStart().StartsWith("<") && AddressText.TryFind(rest, 0, out var inner) && inner.Start <= 2)
            (address, rest) = (inner.Address, Behind(rest, inner.End));
        var strength = Listed(rest);
        // "user@example.com on Thu, 9 May 2005 23:34:45": when, not why.
        if (strength == MentionStrength.Listed && StartsWith(rest.AsSpan().TrimStart(), "on ")) rest = "";
        return new RecipientMention(index, address, strength, rest.TrimStart(':', ',', ';', ' ', '\t'));
    }

    private static readonly System.Buffers.SearchValues<char> CodeCharacters = System.Buffers.SearchValues.Create("0123456789.- \t<>#");

    private static MentionStrength Listed(string rest)
    {
        var text = rest.AsSpan().TrimStart();
        if (text.IsEmpty || text[0] is ':' or ';' or ',' or '(' or '[' or '<' or '-' or '.' or '=' or '*' or '/') return MentionStrength.Listed;
        // "user@example.com on Thu, 9 May": Exchange. Any other sentence may have been folded here.
        return StartsWith(text, "on ") ? MentionStrength.Listed : MentionStrength.Session;
    }

    private static IEnumerable<RecipientMention> Inline(string line, int index)
    {
        var at = 0;
        for (var count = 0; count < MaxInline && AddressText.TryFind(line, at, out var match); count++, at = match.End)
            yield return new RecipientMention(index, match.Address, MentionStrength.Inline, "");
    }

    // Bullets, quotes and brackets in front of an address.
    private static int SkipMarks(string line, int start, out bool any)
    {
        var at = start;
        while (at < line.Length && (char.IsWhiteSpace(line[at]) || "*->•·#<\"'([:;,|`“”「".Contains(line[at]))) at++;
        any = at > start;
        return at;
    }

    // Octets up to and with the colon, or up to the address where the label ends with a blank.
    private static int LabelLength(string line, int start)
    {
        var colon = line.IndexOfAny([':', '：'], start, Math.Min(60, line.Length - start));
        if (colon < 0) return 0;
        var name = line[start..colon].Trim();
        // "rfc822; user@example.com" may follow.
        return BouncePhrases.RecipientLabels.Contains(name.ToLowerInvariant()) ? colon + 1 - start + Type(line, colon + 1) : 0;
    }

    private static int Type(string line, int start)
    {
        var rest = line.AsSpan(start);
        var trimmed = rest.TrimStart();
        return StartsWith(trimmed, "rfc822;") ? rest.Length - trimmed.Length + 7 : 0;
    }

    // Behind the address and what closes it: ">", quotes, "<mailto:...>".
    private static string Behind(string line, int end)
    {
        var rest = line.AsSpan(end).TrimStart(">\"')]”」");
        if (StartsWith(rest, "<mailto:") || StartsWith(rest, " <mailto:"))
            rest = rest.IndexOf('>') is >= 0 and var close ? rest[(close + 1)..] : [];
        return rest.ToString();
    }

    private static bool StartsWith(ReadOnlySpan<char> text, string start) => text.StartsWith(start, StringComparison.OrdinalIgnoreCase);
}
