using Webcluster.Protocol.Addresses;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;

namespace Webcluster.Delivery.Reports;

/// <summary>A mail that the node itself writes. It has the null reverse-path: nobody waits for what becomes of it.</summary>
/// <param name="Id">The same report has the same id, so that storing it again after a crash changes nothing.</param>
/// <param name="Lifetime">How long its delivery may take.</param>
internal sealed record ReportMail(MessageId Id, Mailbox From, Mailbox To, byte[] Content, TimeSpan Lifetime)
{
    /// <summary>Whose mail it is about.</summary>
    public string Tenant { get; init; } = "";

    public MailClass Class { get; init; } = MailClass.Normal;

    public bool SmtpUtf8 { get; init; }

    public TlsWish Tls { get; init; }

    /// <inheritdoc cref="NewMessage.ReplacesMail"/>
    public bool ReplacesMail { get; init; }
}
