using System.Security.Cryptography;
using Webcluster.Protocol.Addresses;
using Webcluster.Protocol.Smtp;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;

namespace Webcluster.Benchmarks;

/// <summary>Small mails of one flow. Their bodies do not compress, so that what they take can be told from what the queue takes.</summary>
internal sealed class SampleMail(LaneKey lane, MailClass mailClass, string tenant, string recipient)
{
    public const int BodyOctets = 256;

    private static readonly byte[] s_prefix = "From: shop@sender.example\r\nSubject: news\r\n\r\n"u8.ToArray();
    private readonly Envelope _envelope = new(new Mailbox("bounce+12345", "sender.example"), null, DsnReturn.NotGiven, false, false, tenant);
    private readonly Mailbox _to = new(recipient[..recipient.LastIndexOf('@')], recipient[(recipient.LastIndexOf('@') + 1)..]);

    public LaneKey Lane => lane;

    /// <summary>Content of one, in octets.</summary>
    public static int ContentOctets => s_prefix.Length + BodyOctets;

    public NewMessage New(DateTimeOffset now, DateTimeOffset? due)
    {
        var body = new byte[BodyOctets];
        RandomNumberGenerator.Fill(body);
        var to = new NewDelivery(lane, mailClass, [new QueuedRecipient(_to, DsnNotify.Failure, null)]);
        return new NewMessage(MessageId.New(now), _envelope, new MessageContent(s_prefix, body), [to], now, now.AddDays(5), due);
    }
}
