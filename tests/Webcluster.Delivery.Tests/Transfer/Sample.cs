using System.Text;
using Webcluster.Delivery.Outcomes;
using Webcluster.Delivery.Transfer;
using Webcluster.Protocol.Addresses;
using Webcluster.Protocol.Smtp;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Sessions;

namespace Webcluster.Delivery.Tests.Transfer;

/// <summary>Mail to test with.</summary>
internal static class Sample
{
    public const string Body = "Subject: t\r\n\r\nhello\r\n";

    public static DateTimeOffset Start { get; } = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public static Envelope Envelope { get; } =
        new(Address("s@from.test"), null, DsnReturn.NotGiven, EightBit: false, SmtpUtf8: false, "tenant");

    public static Mailbox Address(string text) =>
        Mailbox.TryParse(text, out var mailbox) ? mailbox! : throw new ArgumentException(text, nameof(text));

    public static QueuedRecipient Recipient(string address, DsnNotify notify = DsnNotify.NotGiven) => new(Address(address), notify, null);

    public static MessageContent Content(string body = Body) => new(default, Encoding.Latin1.GetBytes(body));

    public static OutgoingMessage Message(params string[] recipients) =>
        new(Envelope, [.. recipients.Select(address => Recipient(address))], Content());

    public static ClaimedDelivery Claimed(params QueuedRecipient[] recipients) => new(
        new DeliveryId(MessageId.New(Start), 0), Envelope, recipients, Attempts: 0, Start, Start.AddDays(5), MayHaveBeenSent: false,
            Body.Length, Content());

    /// <summary>An attempt that came to the same for each recipient.</summary>
    public static AttemptOutcome Outcome(ClaimedDelivery delivery, Verdict verdict) =>
        new(delivery, [.. Enumerable.Repeat(verdict, delivery.Recipients.Count)]);

    public static SmtpReply Reply(int code, string enhanced = "", string text = "text") =>
        new(code, EnhancedCode.TryParse(enhanced, out var parsed) ? parsed : default, text);
}
