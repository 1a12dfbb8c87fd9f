using Webcluster.Protocol.Classification;
using Webcluster.Protocol.Reports;
using Webcluster.Protocol.Smtp;

namespace Webcluster.Protocol.Bounces;

/// <summary>Delivery reports: DSNs (RFC 3464), their fields in running text, and the many that are only text.</summary>
internal sealed class BounceReader(IReplyClassifier classifier)
{
    private static readonly Phrases GivenUp = new(
        "failed permanently", "giving up", "given up", "gave up", "will be deleted from queue", "permanent error", "permanent fatal",
        "returned to you", "removed from queue");

    /// <summary>Empty where the mail is no delivery report.</summary>
    public IReadOnlyList<MailReport> Read(ReceivedMail mail)
    {
        var statuses = Statuses(mail);
        if (statuses.Count > 0) return FromStatuses(mail, statuses);
        var findings = ReportFindings.Read(mail);
        if (!BounceEvidence.IsBounce(mail, findings)) return [];
        var kind = IsDelay(mail, findings.Whole) ? ReportKind.Delay : ReportKind.Bounce;
        var diagnostics = new Diagnostics(mail.Limits);
        if (findings.Mentions.Count == 0) return [Report(kind, new RecipientStatus(), null, diagnostics.Of(findings.Whole))];
        return [.. findings.Mentions.Select(mention =>
            Report(kind, new RecipientStatus(), mention.Address, diagnostics.Of(findings.TextOf(mention.Address))))];
    }

    /// <summary>A status that did not come in a mail's words.</summary>
    public MailReport Read(RecipientStatus status, ReportLimits limits) => Report(
        status.Action switch
        {
            StatusAction.Delivered => ReportKind.Delivered,
            StatusAction.Delayed => ReportKind.Delay,
            _ => ReportKind.Bounce,
        }, status, status.Final, new Diagnostics(limits).Of(status.Diagnostic));

    // rfc3464#2.1 and rfc6533#6.
    private static List<RecipientStatus> Statuses(ReceivedMail mail)
    {
        var statuses = new List<RecipientStatus>();
        foreach (var part in mail.Find("message", "delivery-status", "global-delivery-status", "delivery-report", "delivery_status"))
            if (statuses.Count < mail.Limits.MaxReports)
                statuses.AddRange(DeliveryStatusParser.Parse(part.ReadText().Split('\n').Select(line => line.TrimEnd('\r')),
                    mail.Limits.MaxReports - statuses.Count));
        if (statuses.Count > 0 || !BounceEvidence.IsMailSystem(mail)) return statuses;
        // In running text, from a mail system only: people quote these.
        return DeliveryStatusParser.Parse(mail.Lines, mail.Limits.MaxReports)
            .FindAll(status => status is { NamesRecipient: true, Action: not null });
    }

    private List<MailReport> FromStatuses(ReceivedMail mail, List<RecipientStatus> statuses)
    {
        var findings = ReportFindings.Read(mail);
        var diagnostics = new Diagnostics(mail.Limits);
        var reports = new List<MailReport>();
        var seen = new HashSet<(string?, ReportKind)>();
        foreach (var status in statuses)
        {
            var address = Address(mail, status, statuses.Count, findings);
            var kind = Kind(status, mail, findings);
            if (seen.Add((address?.ToLowerInvariant(), kind)))
                reports.Add(Report(kind, status, address, diagnostics.Of(Text(status, address, findings))));
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
        return status.Diagnostic.Length > 0 && ReplyFinder.Reply(text, out _) is null ? $"{text}\n{status.Diagnostic}" : text;
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
        (BouncePhrases.Delayed.IsIn(text) || BouncePhrases.Delayed.IsIn(mail.Subject)) && !GivenUp.IsIn(text);

    private MailReport Report(ReportKind kind, RecipientStatus status, string? address, string diagnostic)
    {
        var reply = ReplyFinder.Reply(diagnostic, out _);
        var code = Code(status.Status, ReplyFinder.Status(diagnostic), reply);
        var failed = kind is ReportKind.Bounce or ReportKind.Delay;
        var permanent = kind == ReportKind.Bounce && IsPermanent(code, reply);
        return new MailReport(kind)
        {
            Recipient = address,
            OriginalRecipient = string.Equals(status.Original, address, StringComparison.OrdinalIgnoreCase) ? null : status.Original,
            Status = code,
            Reply = reply,
            Diagnostic = diagnostic,
            Permanent = failed ? permanent : null,
            Cause = failed ? classifier.Classify(CauseText.Of(diagnostic, code, permanent)) : null,
        };
    }

    // The report's own code, unless that says no more than its class, or the remote said another class, in both its codes.
    private static EnhancedCode Code(EnhancedCode reported, EnhancedCode said, int? reply)
    {
        if (reported.IsNone || (!said.IsNone && said.Class != reported.Class && reply / 100 == said.Class)) return said;
        return reported is { Subject: 0, Detail: 0 } && said.Class == reported.Class ? said : reported;
    }

    private static bool IsPermanent(EnhancedCode code, int? reply) => !code.IsNone ? code.Class == 5 : reply is null or >= 500;

    /// <summary>One text may be about all recipients of a long list.</summary>
    private sealed class Diagnostics(ReportLimits limits)
    {
        private (string Text, string Diagnostic) _last = ("", "");

        public string Of(string text)
        {
            if (!ReferenceEquals(_last.Text, text)) _last = (text, DiagnosticText.Of(text, limits.MaxDiagnostic));
            return _last.Diagnostic;
        }
    }
}
