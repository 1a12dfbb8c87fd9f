using Webcluster.Protocol.Dkim;
using Webcluster.Protocol.Headers;
using Webcluster.Protocol.Smtp;
using Webcluster.Queue;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Routing;

namespace Webcluster.Delivery.Reports;

/// <summary>Puts reports into the queue, signed like all mail.</summary>
internal sealed class ReportMailer(IMailQueue queue, IRecipientRouter router, IDkimKeySource keys)
{
    /// <returns>Null where the address leads nowhere; else what the queue says.</returns>
    public async ValueTask<EnqueueResult?> StoreAsync(ReportMail mail, DateTimeOffset now, CancellationToken cancellation)
    {
        var route = await router.RouteAsync(mail.To, MailOrigin.Report(mail.Tenant), cancellation);
        return route is RouteResult.To to ? await queue.EnqueueAsync(Message(mail, to.Lane, now), cancellation) : null;
    }

    private NewMessage Message(ReportMail mail, LaneKey lane, DateTimeOffset now)
    {
        var signatures = keys.Current.For(mail.From.Domain) is { Count: > 0 } signers
            ? DkimSigner.Sign(default, HeaderBlock.Scan(mail.Content), signers, DkimSigningPolicy.Default, now)
            : [];
        var eightBit = mail.Content.AsSpan().IndexOfAnyInRange((byte)0x80, (byte)0xFF) >= 0;
        var envelope = new Envelope(null, null, DsnReturn.NotGiven, eightBit, mail.SmtpUtf8, mail.Tenant) { Tls = mail.Tls };
        var delivery = new NewDelivery(lane, mail.Class, [new QueuedRecipient(mail.To, DsnNotify.Never, null)]);
        return new NewMessage(mail.Id, envelope, new MessageContent(signatures, mail.Content), [delivery], now, now + mail.Lifetime)
        {
            ReplacesMail = mail.ReplacesMail,
        };
    }
}
