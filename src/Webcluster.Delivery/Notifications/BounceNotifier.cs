using Webcluster.Delivery.Outcomes;
using Webcluster.Delivery.Reports;
using Webcluster.Protocol.Dsn;
using Webcluster.Protocol.Smtp;
using Webcluster.Queue;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Sessions;

namespace Webcluster.Delivery.Notifications;

/// <summary>
/// Stores the delivery status notification that an attempt owes its sender as a message of its own, with the null reverse-path.
/// </summary>
internal sealed class BounceNotifier(IMailQueue queue, DsnComposer composer, ReportMailer mailer, TimeSpan lifetime)
{
    public bool IsDelayNotice(QueuedRecipient recipient, ClaimedDelivery delivery, DateTimeOffset now) =>
        composer.IsDelayNotice(recipient, delivery, now);

    /// <returns>False where a report is due and could not be stored: the outcome must not be settled as final.</returns>
    public async ValueTask<bool> NotifyAsync(
        SessionId session, AttemptOutcome outcome, AttemptContext context, DateTimeOffset now, CancellationToken cancellation)
    {
        var entries = composer.Select(outcome, context.Host, context.Session?.Server, now);
        if (entries.Count == 0) return true;
        var delivery = outcome.Delivery;
        var report = composer.Report(delivery, entries, await OriginalAsync(session, delivery, cancellation), now);
        // A full queue that could not let go of what failed would stay full: it takes the report in its place, which is smaller.
        var isFull = !queue.IsAccepting(out var reason) && reason is EnqueueResult.Full;
        if (isFull) report = report with { Return = DsnReturn.Headers };
        var mail = new ReportMail(DsnComposer.IdFor(delivery, entries), report.From, report.To, DsnWriter.Write(report), lifetime)
        {
            Tenant = delivery.Envelope.Tenant, SmtpUtf8 = report.UseUtf8,
            ReplacesMail = !outcome.Has<Verdict.Deferred>(),
        };
        // A sender whose address leads nowhere gets no report; nothing else could be done with it.
        return await mailer.StoreAsync(mail, now, cancellation) is null or EnqueueResult.Stored or EnqueueResult.AlreadyStored;
    }

    /// <summary>Nothing where it cannot be read: that is no reason to lose the outcome, nor the report.</summary>
    private async ValueTask<byte[]?> OriginalAsync(SessionId session, ClaimedDelivery delivery, CancellationToken cancellation)
    {
        try
        {
            return (delivery.Content ?? await queue.ReadContentAsync(session, delivery.Id.Message, cancellation))?.ToArray();
        }
        catch (QueueUnavailableException)
        {
            return null;
        }
    }
}
