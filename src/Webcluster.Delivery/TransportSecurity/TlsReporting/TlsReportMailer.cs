using Webcluster.Delivery.Reports;
using Webcluster.Protocol.Addresses;
using Webcluster.Queue;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;

namespace Webcluster.Delivery.TransportSecurity.TlsReporting;

/// <summary>Sends TLS reports by mail.</summary>
internal sealed class TlsReportMailer(ReportMailer mailer, TlsReportOptions options, string hostName, TimeProvider time)
{
    // rfc8460#5.3: a report that cannot be delivered within a day is of no use.
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    /// <returns>Null where it is stored, else why not.</returns>
    public async Task<string?> SendAsync(TlsReport report, Mailbox to, CancellationToken cancellation)
    {
        if (!Mailbox.TryParse(options.From, out var from)) return "the sender is no address";
        if (!to.IsAscii) return "its address needs SMTPUTF8";
        var now = time.GetUtcNow();
        var id = MessageId.New(report.End).For($"{report.Id}\n{to}");
        var mail = new ReportMail(id, from!, to, TlsReportMail.Write(report, from!, to, hostName, now), Lifetime)
        {
            Class = MailClass.Bulk, Tls = TlsWish.Relaxed,
        };
        return await mailer.StoreAsync(mail, now, cancellation) switch
        {
            null => "its address leads nowhere",
            EnqueueResult.Stored or EnqueueResult.AlreadyStored => null,
            { } refusal => $"the queue did not take it ({refusal})",
        };
    }
}
