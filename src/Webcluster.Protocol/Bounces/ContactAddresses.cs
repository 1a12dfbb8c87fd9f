namespace Webcluster.Protocol.Bounces;

/// <summary>
/// Addresses that a report gives to those who need help, in a line of their own as it gives recipients. They stand below the recipient,
/// with nothing behind them and no reply below, and either the line above says what they are for, or they are a role's where a sentence
/// names the recipient. In a list, the line above may as well be why the recipient before failed ("could not be contacted").
/// </summary>
internal static class ContactAddresses
{
    private static readonly Phrases Help = new(
        "contact", "write to", "help", "assistance", "support", "question", "e-mail us", "email us", "kontakt", "wenden sie sich",
        "s'adresser", "écrivez", "escriba a", "escreva", "scriv", "обратитесь", "обращайтесь", "お問い合わせ", "联系", "聯絡", "문의");

    private static readonly HashSet<string> Roles = new(StringComparer.OrdinalIgnoreCase)
    {
        "postmaster", "abuse", "support", "help", "helpdesk", "servicedesk", "noreply", "no-reply", "hostmaster", "kundenservice",
    };

    public static List<RecipientMention> Without(List<RecipientMention> mentions, IReadOnlyList<string> lines)
    {
        if (mentions.Count == 0) return mentions;
        var first = mentions[0];
        var second = mentions.FindIndex(mention => !Same(mention, first));
        if (second < 0) return mentions;
        var hasOthers = mentions.Exists(mention => mention.Strength >= MentionStrength.Labelled && !IsRole(mention.Address));
        var (labelled, listed) = (Begin(mentions, MentionStrength.Labelled), Begin(mentions, MentionStrength.Listed));
        return mentions.FindAll(mention =>
            mention.Strength < MentionStrength.Labelled || mention.Rest.AsSpan().Trim().Length > 0
                || mention.Line <= (Same(mention, first) ? mentions[second] : first).Line
                || IsRefused(mention, lines)
                || !(IsForHelp(mention.Line, lines, mention.Line > (mention.Strength == MentionStrength.Listed ? listed : labelled))
                    || (!hasOthers && IsRole(mention.Address))));
    }

    // The line of the first that is named as strongly.
    private static int Begin(List<RecipientMention> mentions, MentionStrength strength)
    {
        var first = mentions.FindIndex(mention => mention.Strength >= strength);
        return first < 0 ? int.MaxValue : mentions[first].Line;
    }

    // By the line above that says something; what comes in between a list's recipients must lead to the address.
    private static bool IsForHelp(int line, IReadOnlyList<string> lines, bool isInList)
    {
        var above = line - 1;
        while (above >= 0 && lines[above].Length == 0) above--;
        if (above < 0) return false;
        var text = lines[above];
        return !text.Contains('@', StringComparison.Ordinal) && Help.IsIn(text) && !HasReply(text)
            && (!isInList || text.AsSpan().TrimEnd() is [.., ':' or '：']);
    }

    // By a line below that is not about another address.
    private static bool IsRefused(RecipientMention mention, IReadOnlyList<string> lines)
    {
        for (var below = mention.Line + 1; below < Math.Min(lines.Count, mention.Line + 4); below++)
        {
            var text = lines[below];
            if (text.Contains('@', StringComparison.Ordinal) && !text.Contains(mention.Address, StringComparison.OrdinalIgnoreCase))
                return false;
            if (HasReply(text)) return true;
        }

        return false;
    }

    private static bool HasReply(string text) => ReplyFinder.Reply(text, out _) is not null || !ReplyFinder.Status(text).IsNone;

    private static bool IsRole(string address) => Roles.Contains(address[..address.IndexOf('@', StringComparison.Ordinal)]);

    private static bool Same(RecipientMention one, RecipientMention other) =>
        one.Address.Equals(other.Address, StringComparison.OrdinalIgnoreCase);
}
