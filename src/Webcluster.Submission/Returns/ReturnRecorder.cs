using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Webcluster.Protocol.Classification;
using Webcluster.Protocol.Reports;
using Webcluster.Protocol.Tokens;
using Webcluster.Queue.Events;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Suppression;
using Webcluster.Queue.Traffic;
using Webcluster.Submission.Suppressing;

namespace Webcluster.Submission.Returns;

/// <summary>
/// Makes events of reports about a message: what failed later, who complained, who wants no more. What is said twice is told once, so that a report
/// may come again after its 250 was lost.
/// </summary>
internal sealed class ReturnRecorder(
    IEventLog events, IAddressSuppressor suppressor, ITrafficControl traffic, RecorderSurroundings around, WayBackMetrics metrics,
    ILogger<ReturnRecorder> log)
{
    /// <summary>When it returns, the events are stored and their addresses suppressed.</summary>
    /// <exception cref="Queue.QueueUnavailableException">They may not be: the reports must come again.</exception>
    public async Task RecordAsync(ReturnToken token, IReadOnlyList<MailReport> reports, CancellationToken cancellation)
    {
        var id = new MessageId(token.Message);
        var known = new KnownMessage(token, await events.TimelineAsync(id, cancellation), around.Tenants);
        var happened = new List<MailEvent>();
        foreach (var finding in Findings(reports, known))
        {
            var told = Event(id, finding, known);
            if (known.IsTold(told, finding.Cause == SuppressionReason.HardBounce)) continue;
            var isSuppressed = finding.Cause is { } why && await SuppressAsync(finding.About, why, id, cancellation);
            // It may be that none is taken for that.
            if (!isSuppressed && known.IsTold(told, isHard: false)) continue;
            happened.Add(told with { Suppressing = isSuppressed ? true : null });
        }

        if (happened.Count > 0) await events.AppendAsync(happened, cancellation);
        foreach (var each in happened) await WeighAsync(each, cancellation);
        foreach (var report in reports) metrics.Returned(report.Kind.Text());
        foreach (var each in happened) log.Returned(each.Kind, id, each.Recipient, each.Status, each.Bounce, each.Suppressing == true);
    }

    // One of each kind for each recipient: what names that one comes before what names others, and what is for good before what may pass.
    private static IEnumerable<Finding> Findings(IEnumerable<MailReport> reports, KnownMessage known) => reports
        .Select(report => KindOf(report.Kind) is { } kind ? new Finding(kind, report, known.AddresseeOf(report)) : null)
        .OfType<Finding>()
        .GroupBy(finding => (finding.Kind, finding.About.Recipient?.ToString()))
        .Select(alike => alike.MaxBy(finding =>
            (!finding.About.IsAnother, finding.Cause == SuppressionReason.HardBounce, finding.Report.Permanent == true))!);

    /// <summary>Where the complaint's mail left from goes on warming up more slowly.</summary>
    private async ValueTask WeighAsync(MailEvent happened, CancellationToken cancellation)
    {
        if (happened is { Kind: MailEventKind.Complained, Provider: { } provider, Source: { } source })
            await traffic.AdjustAsync(provider, source == "system" ? "" : source, new Adjustment.Complaint(), "a complaint", cancellation);
    }

    private ValueTask<bool> SuppressAsync(Addressee about, SuppressionReason cause, MessageId id, CancellationToken cancellation) =>
        suppressor.SuppressAsync(
            new SuppressedRecipient(about.Tenant!, about.Recipient!, cause, id.ToString(), "report by mail"), cancellation);

    private MailEvent Event(MessageId id, Finding finding, KnownMessage known)
    {
        var (kind, report, about) = finding;
        var name = about.Recipient?.ToString();
        var (origin, sent) = (known.Origin, known.LastOf(name));
        return new MailEvent
        {
            Kind = kind,
            At = around.Time.GetUtcNow(),
            Message = id.ToString(),
            Tenant = about.Tenant,
            Tags = origin?.Tags,
            Class = origin?.Class,
            Sender = origin?.Sender,
            Recipient = name,
            Provider = sent?.Provider,
            Site = sent?.Site,
            Pool = sent?.Pool,
            Source = sent?.Source,
            Status = report.Status.IsNone ? null : report.Status.ToString(),
            Reply = report.Diagnostic.Length == 0 ? null : report.Diagnostic,
            Bounce = report.Cause?.Class.Text(),
            Permanent = report.Permanent,
            Reason = report.Kind.Text(),
            Node = around.Node,
        };
    }

    /// <summary>Null: it changes nothing, and is counted only.</summary>
    private static MailEventKind? KindOf(ReportKind kind) => kind switch
    {
        ReportKind.Bounce => MailEventKind.BouncedLater,
        ReportKind.Complaint => MailEventKind.Complained,
        ReportKind.OptOut => MailEventKind.Unsubscribed,
        ReportKind.Delay or ReportKind.Delivered or ReportKind.Relayed or ReportKind.Expanded or ReportKind.NotSpam
            or ReportKind.AuthFailure or ReportKind.Receipt or ReportKind.AutoReply or ReportKind.Other => null,
        _ => throw new UnreachableException(),
    };

    /// <summary>What one report says of one recipient.</summary>
    private sealed record Finding(MailEventKind Kind, MailReport Report, Addressee About)
    {
        /// <summary>Why the recipient is to be suppressed; null: not at all.</summary>
        public SuppressionReason? Cause => About is not { Tenant: not null, Recipient: not null } ? null : Report.Kind switch
        {
            // Of whom an alias or a mailbox passes mail on to, one may be gone while others read it.
            ReportKind.Bounce when Report.Permanent == true && Report.Cause?.Suppresses() == true =>
                About.IsAnother ? SuppressionReason.RepeatedSoft : SuppressionReason.HardBounce,
            ReportKind.Bounce when Report.Cause?.IsSoftFailure() == true => SuppressionReason.RepeatedSoft,
            ReportKind.Complaint => SuppressionReason.Complaint,
            ReportKind.OptOut => SuppressionReason.Unsubscribe,
            _ => null,
        };
    }
}

/// <param name="Node">The name of this node.</param>
internal sealed record RecorderSurroundings(string Node, TimeProvider Time, KnownTenants Tenants);
