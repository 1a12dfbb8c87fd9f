using Webcluster.Delivery.Outcomes;
using Webcluster.Delivery.Reports;
using Webcluster.Protocol.Dsn;
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
        AttemptOutcome outcome, AttemptContext context, DateTimeOffset now, CancellationToken cancellation)
    {
        var entries = composer.Select(outcome, context.Host, context.Session?.Server, now);
        if (entries.Count == 0) return true;
        var delivery = outcome.Delivery;
        MessageContent? original;
        try
        {
            original = delivery.Content ?? await queue.ReadContentAsync(delivery.Id.Message, cancellation);
        }
        catch (QueueUnavailableException)
        {
            // What the attempt came to must not be lost over it.
            return false;
        }

        var report = composer.Report(delivery, entries, original?.ToArray(), now);
        var mail = new ReportMail(DsnComposer.IdFor(delivery, entries), report.From, report.To, DsnWriter.Write(report), lifetime)
        {
            Tenant = delivery.Envelope.Tenant, SmtpUtf8 = report.UseUtf8,
        };
        // A sender whose address leads nowhere gets no report; nothing else could be done with it.
        return await mailer.StoreAsync(mail, now, cancellation) is null or EnqueueResult.Stored or EnqueueResult.AlreadyStored;
    }
}
