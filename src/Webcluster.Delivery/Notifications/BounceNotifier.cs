using Webcluster.Delivery.Outcomes;
using Webcluster.Protocol.Dkim;
using Webcluster.Protocol.Dsn;
using Webcluster.Protocol.Headers;
using Webcluster.Protocol.Smtp;
using Webcluster.Queue;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Routing;

namespace Webcluster.Delivery.Notifications;

/// <summary>
/// Stores the delivery status notification that an attempt owes its sender as a message of its own, with the null reverse-path.
/// </summary>
internal sealed class BounceNotifier(
    IMailQueue queue, IRecipientRouter router, DsnComposer composer, IDkimKeySource keys, TimeSpan lifetime)
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
        var original = delivery.Content ?? await queue.ReadContentAsync(delivery.Id.Message, cancellation);
        var report = composer.Report(delivery, entries, original?.ToArray(), now);
        // A sender whose address leads nowhere gets no report; nothing else could be done with it.
        var origin = MailOrigin.Report(delivery.Envelope.Tenant);
        if (await router.RouteAsync(report.To, origin, cancellation) is not RouteResult.To to) return true;
        var stored = await queue.EnqueueAsync(Message(report, delivery, to.Lane, now, DsnComposer.IdFor(delivery, entries)), cancellation);
        return stored is EnqueueResult.Stored or EnqueueResult.AlreadyStored;
    }

    private NewMessage Message(DsnReport report, ClaimedDelivery about, LaneKey lane, DateTimeOffset now, MessageId id)
    {
        var body = DsnWriter.Write(report);
        var signatures = keys.Current.For(report.From.Domain) is { Count: > 0 } signers
            ? DkimSigner.Sign(default, HeaderBlock.Scan(body), signers, DkimSigningPolicy.Default, now)
            : [];
        var eightBit = body.AsSpan().IndexOfAnyInRange((byte)0x80, (byte)0xFF) >= 0;
        var envelope = new Envelope(null, null, DsnReturn.NotGiven, eightBit, report.UseUtf8, about.Envelope.Tenant);
        var recipient = new QueuedRecipient(report.To, DsnNotify.Never, null);
        var delivery = new NewDelivery(lane, MailClass.Normal, [recipient]);
        return new NewMessage(id, envelope, new MessageContent(signatures, body), [delivery], now, now + lifetime);
    }
}
