using System.Text;
using Webcluster.Protocol.Bounces;
using Webcluster.Protocol.Classification;
using Webcluster.Protocol.Feedback;
using Webcluster.Protocol.Reports;

namespace Webcluster.Protocol.Intake;

/// <summary>
/// Says what a mail to the bounce or feedback domain reports: one entry for each recipient, at least one. Pure and safe to share; never
/// throws whatever the octets, takes linear time, and holds no more than <see cref="ReportLimits"/> allow.
/// </summary>
public sealed class ReportReader(IReplyClassifier classifier, ReportLimits? limits = null)
{
    private readonly BounceReader _bounces = new(classifier);
    private readonly ReportLimits _limits = limits ?? ReportLimits.Default;

    /// <param name="reversePath">Of the mail's envelope, "" for the null one. Null where the envelope is gone: the field Return-Path
    /// counts.</param>
    public IReadOnlyList<MailReport> Read(ReadOnlyMemory<byte> mail, string? reversePath = null)
    {
        var received = ReceivedMail.Read(mail, _limits, reversePath);
        var reference = ReferenceText.Of(received);
        var messageId = MessageId(received);
        return [.. Reports(received).Select(report => report with
        {
            Reference = report.Reference ?? reference, MessageId = report.MessageId ?? messageId,
        })];
    }

    // The surest first: what has a structure, then what mail systems write, then what programs answer.
    private IReadOnlyList<MailReport> Reports(ReceivedMail mail)
    {
        if (SesNotification.Read(mail, _bounces) is { Count: > 0 } notified) return notified;
        if (FeedbackReader.Read(mail) is { Count: > 0 } feedback) return feedback;
        if (IsReceipt(mail)) return [new MailReport(ReportKind.Receipt)];
        if (_bounces.Read(mail) is { Count: > 0 } bounces) return Innermost(mail, bounces);
        return [new MailReport(AutoReplies.IsOne(mail) ? ReportKind.AutoReply : ReportKind.Other)];
    }

    // Some relays pass a bounce on inside a note of their own that names nobody.
    private IReadOnlyList<MailReport> Innermost(ReceivedMail mail, IReadOnlyList<MailReport> bounces)
    {
        if (bounces is not [{ Recipient: null }] || mail.Returned.Count == 0) return bounces;
        var inner = _bounces.Read(ReceivedMail.Read(Encoding.UTF8.GetBytes(string.Join('\n', mail.Returned)), _limits));
        return inner.Count > 0 ? inner : bounces;
    }

    // rfc8098#3.
    private static bool IsReceipt(ReceivedMail mail) =>
        mail.Find("message", "disposition-notification", "global-disposition-notification", "tracking-status").Any()
            || "disposition-notification".Equals(mail.Root.Type.Parameters["report-type"], StringComparison.OrdinalIgnoreCase);

    private static string? MessageId(ReceivedMail mail) =>
        mail.Original?.Value("Message-ID") is { Length: > 0 and < 1000 } id ? id.Trim('<', '>', ' ') : null;
}
