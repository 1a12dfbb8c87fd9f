namespace Webcluster.Protocol.Bounces;

/// <summary>
/// Addresses that a report gives to those who need help, in a line of their own as it gives recipients. They stand below the recipient,
/// with nothing behind them, and either the line above says what they are for, or they are a role's where a sentence names the recipient.
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
        return mentions.FindAll(mention =>
            mention.Strength < MentionStrength.Labelled || mention.Rest.AsSpan().Trim().Length > 0
                || mention.Line <= (Same(mention, first) ? mentions[second] : first).Line
                || !(IsForHelp(mention.Line, lines) || (!hasOthers && IsRole(mention.Address) && !IsRefused(mention.Line, lines))));
    }

    // The line above that says something.
    private static bool IsForHelp(int line, IReadOnlyList<string> lines)
    {
        var above = line - 1;
        while (above >= 0 && lines[above].Length == 0) above--;
        return above >= 0 && !lines[above].Contains('@', StringComparison.Ordinal) && Help.IsIn(lines[above]);
    }

    private static bool IsRefused(int line, IReadOnlyList<string> lines)
    {
        for (var below = line + 1; below < Math.Min(lines.Count, line + 4); below++)
            if (ReplyFinder.Reply(lines[below], out _) is not null || !ReplyFinder.Status(lines[below]).IsNone) return true;
        return false;
    }

    private static bool IsRole(string address) => Roles.Contains(address[..address.IndexOf('@', StringComparison.Ordinal)]);

    private static bool Same(RecipientMention one, RecipientMention other) =>
        one.Address.Equals(other.Address, StringComparison.OrdinalIgnoreCase);
}
