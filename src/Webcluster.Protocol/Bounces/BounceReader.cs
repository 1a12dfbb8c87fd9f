using Webcluster.Protocol.Classification;
using Webcluster.Protocol.Mime;
using Webcluster.Protocol.Reports;

namespace Webcluster.Protocol.Bounces;

/// <summary>Delivery reports: DSNs (RFC 3464), their fields in running text, and the many that are only text.</summary>
internal sealed class BounceReader(IReplyClassifier classifier)
{
    // Characters of what a mail says in words, where its status has codes only.
    private const int MostInFront = 1000;

    private static readonly Phrases GivenUp = new(
        "failed permanently", "giving up", "given up", "gave up", "will be deleted from queue", "permanent error", "permanent fatal",
        "returned to you", "removed from queue");

    // What a warning says of the day on which nobody tries any more.
    private static readonly string[] Later = ["will be returned to you", "before giving up", "or will be deleted from queue"];

    /// <summary>It says itself what it is, by its form, its sender, or a mail system's subject: words in it that others write in complaints
    /// are what was returned, or why. The subject of the message that it is about says nothing.</summary>
    public static bool IsReport(ReceivedMail mail) =>
        PromisesStatus(mail) || StatusParts(mail).Any() || BounceEvidence.IsDaemon(mail)
            || (BounceEvidence.IsMailSystem(mail) && BouncePhrases.Subjects.IsIn(mail.OwnSubject));

    /// <summary>Empty where the mail is no delivery report.</summary>
    public IReadOnlyList<MailReport> Read(ReceivedMail mail)
    {
        var statuses = Statuses(mail);
        if (statuses.Count > 0) return FromStatuses(mail, statuses);
        var findings = ReportFindings.Read(mail);
        if (!BounceEvidence.IsBounce(mail, findings)) return [];
        var kind = IsDelay(mail, findings.Whole) ? ReportKind.Delay : ReportKind.Bounce;
        var maker = new ReportMaker(classifier, mail.Limits);
        var none = new RecipientStatus();
        if (findings.Mentions.Count == 0) return [maker.Make(kind, none, null, findings.Whole)];
        return [.. findings.Mentions.Select(mention => maker.Make(kind, none, mention.Address, findings.TextOf(mention.Address)))];
    }

    /// <summary>A status that did not come in a mail's words.</summary>
    public MailReport Read(RecipientStatus status, ReportLimits limits) => new ReportMaker(classifier, limits).Make(
        status.Action switch
        {
            StatusAction.Delivered => ReportKind.Delivered,
            StatusAction.Delayed => ReportKind.Delay,
            _ => ReportKind.Bounce,
        }, status, status.Final, status.Diagnostic);

    // rfc3464#2.1 and rfc6533#6.
    private static IEnumerable<MimePart> StatusParts(ReceivedMail mail) =>
        mail.Find("message", "delivery-status", "global-delivery-status", "delivery-report", "delivery_status");

    private static bool PromisesStatus(ReceivedMail mail) =>
        "delivery-status".Equals(mail.Root.Type.Parameters["report-type"], StringComparison.OrdinalIgnoreCase);

    private static List<RecipientStatus> Statuses(ReceivedMail mail)
    {
        var statuses = new List<RecipientStatus>();
        foreach (var part in StatusParts(mail))
            if (statuses.Count < mail.Limits.MaxReports)
                statuses.AddRange(DeliveryStatusParser.Parse(part.ReadText().Split('\n').Select(line => line.TrimEnd('\r')),
                    mail.Limits.MaxReports - statuses.Count));
        if (statuses.Count > 0 || !(PromisesStatus(mail) || BounceEvidence.IsMailSystem(mail))) return statuses;
        // In running text where the mail promises a status, or from a mail system only: people quote these.
        return DeliveryStatusParser.Parse(mail.Lines, mail.Limits.MaxReports)
            .FindAll(status => status is { NamesRecipient: true, Action: not null });
    }

    private List<MailReport> FromStatuses(ReceivedMail mail, List<RecipientStatus> statuses)
    {
        var findings = ReportFindings.Read(mail);
        var maker = new ReportMaker(classifier, mail.Limits);
        var reports = new List<MailReport>();
        var seen = new HashSet<(string?, ReportKind)>();
        foreach (var status in statuses)
        {
            var address = Address(mail, status, statuses.Count, findings);
            var kind = Kind(status, mail, findings);
            if (seen.Add((address?.ToLowerInvariant(), kind)))
                reports.Add(maker.Make(kind, status, address, Text(status, address, findings)));
        }

        return reports;
    }

    // Where the status names no address that one can write to, the text does.
    private static string? Address(ReceivedMail mail, RecipientStatus status, int statuses, ReportFindings findings)
    {
        var failed = statuses == 1 ? AddressText.First(mail.Header.Value("X-Failed-Recipients")) : null;
        if ((status.Final ?? status.Original) is { } address) return address;
        if (failed is not null) return failed;
        return statuses == 1 && findings.Mentions.Count > 0 ? findings.Mentions[0].Address : status.Actual;
    }

    private static string Text(RecipientStatus status, string? address, ReportFindings findings)
    {
        var letters = status.Diagnostic.Count(char.IsLetter);
        if (letters > 3) return status.Diagnostic;
        var text = findings.TextOf(address);
        if (status.Diagnostic.Length == 0 && status.Comment.Length > 0 && ReplyFinder.Reply(text, out _) is null) return status.Comment;
        if (status.Diagnostic.Length == 0 || ReplyFinder.Reply(text, out _) is not null) return text;
        return $"{text.AsSpan(0, Math.Min(text.Length, MostInFront))}\n{status.Diagnostic}";
    }

    private static ReportKind Kind(RecipientStatus status, ReceivedMail mail, ReportFindings findings) => status.Action switch
    {
        StatusAction.Failed => ReportKind.Bounce,
        StatusAction.Delayed => ReportKind.Delay,
        StatusAction.Delivered => ReportKind.Delivered,
        StatusAction.Relayed => ReportKind.Relayed,
        StatusAction.Expanded => ReportKind.Expanded,
        _ when status.Status.Class == 2 => ReportKind.Delivered,
        _ => IsDelay(mail, findings.Whole) ? ReportKind.Delay : ReportKind.Bounce,
    };

    private static bool IsDelay(ReceivedMail mail, string text) =>
        (BouncePhrases.Delayed.IsIn(text) || BouncePhrases.Delayed.IsIn(mail.Subject)) && !HasGivenUp(text);

    private static bool HasGivenUp(string text)
    {
        var said = BounceEvidence.InOneLine(text);
        return GivenUp.IsIn(Later.Aggregate(said, (rest, later) => rest.Replace(later, "", StringComparison.OrdinalIgnoreCase)));
    }
}
