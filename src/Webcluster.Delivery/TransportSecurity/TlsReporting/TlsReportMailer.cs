using System.Security.Cryptography;
using System.Text;
using Webcluster.Protocol.Addresses;
using Webcluster.Protocol.Dkim;
using Webcluster.Protocol.Headers;
using Webcluster.Protocol.Smtp;
using Webcluster.Queue;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Routing;

namespace Webcluster.Delivery.TransportSecurity.TlsReporting;

/// <summary>Puts reports into our own queue, signed, from the null reverse-path: nobody waits for what becomes of them.</summary>
internal sealed class TlsReportMailer(
    IMailQueue queue, IRecipientRouter router, IDkimKeySource keys, TlsReportOptions options, string hostName, TimeProvider time)
{
    // rfc8460#5.3: a report that cannot be delivered within a day is of no use.
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    /// <returns>Null where it is stored, else why not.</returns>
    public async Task<string?> SendAsync(TlsReport report, Mailbox to, CancellationToken cancellation)
    {
        if (!Mailbox.TryParse(options.From, out var from)) return "the sender is no address";
        if (!to.IsAscii) return "its address needs SMTPUTF8";
        if (await router.RouteAsync(to, MailOrigin.Report(""), cancellation) is not RouteResult.To route) return "its address leads nowhere";
        var now = time.GetUtcNow();
        var body = TlsReportMail.Write(report, from!, to, hostName, now);
        var signatures = keys.Current.For(from!.Domain) is { Count: > 0 } signers
            ? DkimSigner.Sign(default, HeaderBlock.Scan(body), signers, DkimSigningPolicy.Default, now)
            : [];
        var envelope = new Envelope(null, null, DsnReturn.NotGiven, EightBit: false, SmtpUtf8: false, Tenant: "") { Tls = TlsWish.Relaxed };
        var delivery = new NewDelivery(route.Lane, MailClass.Bulk, [new QueuedRecipient(to, DsnNotify.Never, null)]);
        var message = new NewMessage(IdOf(report, to), envelope, new MessageContent(signatures, body), [delivery], now, now + Lifetime);
        var stored = await queue.EnqueueAsync(message, cancellation);
        return stored is EnqueueResult.Stored or EnqueueResult.AlreadyStored ? null : $"the queue did not take it ({stored})";
    }

    // The same report to the same address has the same id, so that storing it again after a crash changes nothing; version 7 (RFC 9562
    // §5.7).
    private static MessageId IdOf(TlsReport report, Mailbox to)
    {
        var bytes = MessageId.New(report.End).Value.ToByteArray(bigEndian: true);
        SHA256.HashData(Encoding.UTF8.GetBytes($"{report.Id}\n{to}")).AsSpan(0, 10).CopyTo(bytes.AsSpan(6));
        bytes[6] = (byte)(0x70 | (bytes[6] & 0x0F));
        bytes[8] = (byte)(0x80 | (bytes[8] & 0x3F));
        return new MessageId(new Guid(bytes, bigEndian: true));
    }
}
