using Webcluster.Protocol.Reports;

namespace Webcluster.Protocol.Bounces;

/// <summary>
/// Is a mail without a delivery status a bounce? It must say so in words that mail systems use, and come from one: by its sender, or by its
/// subject and an empty return path. What people write about bounces, and what programs answer in a person's name, is none.
/// </summary>
internal static class BounceEvidence
{
    private static readonly Phrases Answers = new("re:", "aw:", "antw:", "回复:");

    private static readonly Phrases PassedOn = new("fw:", "fwd:", "wg:", "tr:", "rv:", "转发:");

    private static readonly Phrases ListServers = new("-admin@", "-owner@", "owner-", "majordomo", "listserv", "-request@", "-bounces@");

    public static bool IsBounce(ReceivedMail mail, ReportFindings findings)
    {
        var text = findings.Whole;
        var says = BouncePhrases.Failed.IsIn(text) || BouncePhrases.Delayed.IsIn(text) || SaysAcrossLines(text);
        var subject = BouncePhrases.Subjects.IsIn(mail.Subject) && !Begins(mail.Subject, Answers) && !Begins(mail.Subject, PassedOn);
        if (mail.Header.Has("X-Failed-Recipients")) return says || subject || IsMailSystem(mail);
        if (says && IsDaemon(mail)) return true;
        if (AutoReplies.IsOne(mail)) return says && subject && IsMailSystem(mail);
        if (says && IsMailSystem(mail)) return subject || IsEmptyPath(mail, findings);
        if (says && subject) return IsEmptyPath(mail, findings);
        // Two that say it, and a recipient.
        return subject && IsMailSystem(mail) && findings.Mentions.Count > 0;
    }

    /// <summary>A mailer daemon by what it calls itself: what stands in the return path, others may have put there.</summary>
    public static bool IsDaemon(ReceivedMail mail) =>
        BouncePhrases.Daemons.IsIn(mail.Author)
            // Its whole name begins like that: "Royal Mail Delivery" brings parcels.
            || mail.Author.AsSpan().TrimStart("\"'( ").StartsWith("mail deliver", StringComparison.OrdinalIgnoreCase);

    public static bool IsMailSystem(ReceivedMail mail) => IsDaemon(mail) || BouncePhrases.Administrators.IsIn(mail.Author);

    /// <summary>A phrase may be folded.</summary>
    public static string InOneLine(string text) => text.Replace('\n', ' ').Replace("  ", " ", StringComparison.Ordinal);

    // rfc5321#4.5.5: reports have an empty return path, which some local mailers write as their own: in the field as
    // <MAILER-DAEMON>, by SMTP with a domain. Where it is not recorded, they name a recipient, not only in a sentence.
    private static bool IsEmptyPath(ReceivedMail mail, ReportFindings findings) =>
        mail.ReturnPath is { } path
            ? path.Length == 0 || BouncePhrases.Daemons.IsIn(path) || ListServers.IsIn(mail.Sender)
            : findings.Mentions.Any(mention => mention.Strength > MentionStrength.Inline);

    /// <summary>Do people answer with such a subject?</summary>
    public static bool IsAnswer(string subject) => Begins(subject, Answers);

    private static bool Begins(string subject, Phrases with) => with.IsIn(subject.AsSpan(0, Math.Min(subject.Length, 6)));

    private static bool SaysAcrossLines(string text)
    {
        var joined = InOneLine(text);
        return BouncePhrases.Failed.IsIn(joined) || BouncePhrases.Delayed.IsIn(joined);
    }
}
