using Webcluster.Protocol.Addresses;
using Webcluster.Protocol.Smtp;
using Webcluster.Queue.Messages;

namespace Webcluster.Delivery.Transfer;

/// <summary>One message as it is offered to one server.</summary>
internal sealed record OutgoingMessage(Envelope Envelope, IReadOnlyList<QueuedRecipient> Recipients, MessageContent Content)
{
    /// <summary>What MAIL FROM says: the sender's own, unless reports are to come back here.</summary>
    public Mailbox? ReversePath { get; init; } = Envelope.ReversePath;

    public MailParameters MailParameters { get; } = new(
        Content.Length, Envelope.EightBit ? MailBody.EightBitMime : MailBody.SevenBit, Envelope.SmtpUtf8, Envelope.Return,
        Envelope.EnvelopeId, null)
    {
        RequireTls = Envelope.Tls == TlsWish.Required,
    };

    /// <summary>What the server is to report of a recipient. Where reports come back here the sender hears nothing of them: then this node
    /// says itself that the mail was relayed, and wants to know what fails.</summary>
    public DsnNotify NotifyOf(QueuedRecipient recipient) =>
        ReversePath == Envelope.ReversePath || recipient.Notify is DsnNotify.NotGiven or DsnNotify.Never
            ? recipient.Notify
            : DsnNotify.Failure;

    /// <summary>Can a server with these capabilities take it? Asked before anything is sent.</summary>
    /// <param name="sendEightBitAnyway">Sends 8-bit content to servers that do not offer 8BITMIME instead of failing it.</param>
    public Unsendable? CheckAgainst(ServerCapabilities server, bool sendEightBitAnyway)
    {
        // rfc8689#4.2.1
        if (Envelope.Tls == TlsWish.Required && !server.RequireTls) return Unsendable.NeedsRequireTls;
        // rfc1870#6.1
        if (server.MaxSize is > 0 and var most && Content.Length > most) return Unsendable.TooLarge;
        // rfc6531#3.2: mail that needs SMTPUTF8 must not go where it is not offered.
        if (Envelope.SmtpUtf8 && !server.SmtpUtf8) return Unsendable.NeedsSmtpUtf8;
        // rfc6152#3: convert, or return as undeliverable; the body is never rewritten here.
        return Envelope.EightBit && !server.EightBitMime && !sendEightBitAnyway ? Unsendable.NeedsEightBitMime : null;
    }
}
