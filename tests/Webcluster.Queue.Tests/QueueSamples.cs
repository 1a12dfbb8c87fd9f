using System.Text;
using Shouldly;
using Webcluster.Protocol.Addresses;
using Webcluster.Protocol.Smtp;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Settling;

namespace Webcluster.Queue.Tests;

/// <summary>Short ways to say what queue tests say all the time.</summary>
internal static class QueueSamples
{
    public static readonly LaneKey Google = new("google", "mx.google.example", "main");
    public static readonly LaneKey GoogleBulk = Google with { Pool = "bulk" };
    public static readonly LaneKey Yahoo = new("yahoo", "mx.yahoo.example", "main");
    public static readonly NodeId NodeA = new("node-a");
    public static readonly NodeId NodeB = new("node-b");

    public static NewMessage Message(DateTimeOffset now, params NewDelivery[] deliveries)
    {
        var id = MessageId.New(now);
        return new NewMessage(
            id, new Envelope(new Mailbox("sender", "sender.example"), "env-1", DsnReturn.Headers, EightBit: true, SmtpUtf8: false, "acme"),
            new MessageContent(Encoding.ASCII.GetBytes($"Received: {id}\r\n"), Encoding.ASCII.GetBytes($"Subject: hi\r\n\r\nbody of {id}\r\n")),
            deliveries.Length > 0 ? deliveries : [To(Google)], now, now.AddDays(5));
    }

    public static NewMessage Of(this NewMessage message, string tenant) =>
        message with { Envelope = message.Envelope with { Tenant = tenant } };

    public static NewDelivery To(LaneKey lane, MailClass mailClass = MailClass.Normal, params string[] users) => new(
        lane, mailClass, [.. (users.Length > 0 ? users : ["user"]).Select(Recipient)]);

    public static QueuedRecipient Recipient(string user) =>
        new(new Mailbox(user, "rcpt.example"), DsnNotify.Failure, $"rfc822;{user}@old.example");

    public static DeliveryId Delivery(this NewMessage message, int ordinal = 0) => new(message.Id, ordinal);

    public static async Task<NewMessage> StoreAsync(this IMailQueue queue, NewMessage message)
    {
        (await queue.EnqueueAsync(message, CancellationToken.None)).ShouldBe(EnqueueResult.Stored);
        return message;
    }

    public static ValueTask<ClaimResult> TryClaimAsync(
        this IMailQueue queue, LaneKey lane, int most = 1, SessionId? session = null, NodeId? node = null) =>
        queue.ClaimAsync(new ClaimRequest(node ?? NodeA, lane, session, most, int.MaxValue), CancellationToken.None);

    public static async Task<ClaimResult.Granted> ClaimAsync(
        this IMailQueue queue, LaneKey lane, int most = 1, SessionId? session = null, NodeId? node = null) =>
        (await queue.TryClaimAsync(lane, most, session, node)).ShouldBeOfType<ClaimResult.Granted>();

    public static async Task<ClaimResult.NotNow> RefusedAsync(
        this IMailQueue queue, LaneKey lane, SessionId? session = null, NodeId? node = null) =>
        (await queue.TryClaimAsync(lane, 1, session, node)).ShouldBeOfType<ClaimResult.NotNow>();

    public static async Task<SettleVerdict> SettleAsync(this IMailQueue queue, SessionId session, Settlement outcome) =>
        (await queue.SettleAsync(session, [outcome], CancellationToken.None)).ShouldHaveSingleItem();

    /// <param name="session">Who has a delivery of it; on a store with one shard, whoever.</param>
    public static ValueTask<MessageContent?> ContentAsync(this IMailQueue queue, MessageId id, SessionId session = default) =>
        queue.ReadContentAsync(session, id, CancellationToken.None);

    public static Settlement.Done Sent(this ClaimResult.Granted claim, int at = 0) => new(claim.Deliveries[at].Id, Sent: true);

    public static Settlement.Deferred Deferred(this ClaimResult.Granted claim, TimeSpan after, bool countsAttempt = true) =>
        new(claim.Deliveries[0].Id, claim.Deliveries[0].Recipients, after, countsAttempt);

    public static Settlement.Deferred Deferred(this ClaimResult.Granted claim, int at, TimeSpan after) =>
        new(claim.Deliveries[at].Id, claim.Deliveries[at].Recipients, after, CountsAttempt: true);

    public static IEnumerable<MessageId> Messages(this ClaimResult.Granted claim) =>
        claim.Deliveries.Select(delivery => delivery.Id.Message);

    public static Task<IReadOnlyList<LaneKey>> NextAsync(this IMailQueue queue, int most = 10) =>
        queue.NextLanesAsync(most, [], CancellationToken.None);

    /// <summary>For what comes from another thread soon, but not at once.</summary>
    public static Task<T> SoonAsync<T>(this Task<T> task) => task.WaitAsync(TimeSpan.FromSeconds(30));
}
