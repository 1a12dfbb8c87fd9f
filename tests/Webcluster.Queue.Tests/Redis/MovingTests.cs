using Shouldly;
using Webcluster.Queue.Events;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Redis.Scripts;
using Webcluster.Queue.Redis.Shards;
using Webcluster.Queue.Settling;
using Webcluster.Queue.Tests.Redis.Connection;
using Webcluster.TestKit.Redis;
using static Webcluster.Queue.Tests.QueueSamples;

namespace Webcluster.Queue.Tests.Redis;

/// <summary>Deliveries that go from one shard to another.</summary>
public sealed class MovingTests(RedisServerFixture server) : RedisStoreTests(server)
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    [RedisFact]
    public async Task Shards_Rerouted_MovesToTheOtherShardAsItWas()
    {
        var queue = await OpenAsync(options => options with { Shards = 64 });
        var message = await queue.StoreAsync(Message(Now, To(Google, MailClass.Bulk, "anna"), To(Google, MailClass.Bulk, "bernd")));
        var claim = await queue.ClaimAsync(Google);
        await queue.SettleAsync(claim.Session, claim.Deferred(TimeSpan.Zero));
        claim = await queue.ClaimAsync(Google, 2, claim.Session);

        Settlement[] outcomes = [.. claim.Deliveries.Select(delivery => new Settlement.Rerouted(delivery.Id, Yahoo))];
        var verdicts = await queue.SettleAsync(claim.Session, outcomes, CancellationToken.None);
        await queue.ReleaseAsync(claim.Session, CancellationToken.None);

        verdicts.ShouldBe([SettleVerdict.Settled, SettleVerdict.Settled]);
        (await queue.LanesAsync(10, CancellationToken.None)).ShouldHaveSingleItem().Lane.ShouldBe(Yahoo);
        var moved = (await queue.ClaimAsync(Yahoo, 2)).Deliveries.OrderBy(delivery => delivery.Id.Ordinal).ToList();
        moved.Select(delivery => delivery.Id).ShouldBe([message.Delivery(0), message.Delivery(1)]);
        moved.Select(delivery => delivery.Attempts).ShouldBe([1, 0]);
        moved.ShouldAllBe(delivery =>
            delivery.Content!.ToArray().SequenceEqual(message.Content.ToArray()) && delivery.Envelope == message.Envelope);
        (await queue.CountAsync(CancellationToken.None)).Messages.ShouldBe(1);
    }

    [RedisFact]
    public async Task Enqueue_AskedAgainAfterADeliveryMovedAhead_StoresTheOthersOnce()
    {
        var queue = await OpenAsync(options => options with { Shards = 64 });
        var message = Message(Now, To(Google), To(Yahoo), To(Yahoo));
        await using var link = await Server.Daemon.ConnectAsync();
        var shards = new ShardMap([.. Enumerable.Range(0, 64).Select(number => new Shard(number, link, 10, null))]);
        var (_, first) = EnqueueArguments.Encode(message, shards, null)[0];
        await shards.Of(Google).RunAsync(new QueueScripts().Enqueue, [first.Length, .. first]);
        var claim = await queue.ClaimAsync(Google);
        await queue.SettleAsync(claim.Session, new Settlement.Rerouted(message.Delivery(), Yahoo));

        (await queue.EnqueueAsync(message, CancellationToken.None)).ShouldBe(EnqueueResult.Stored);
        (await queue.EnqueueAsync(message, CancellationToken.None)).ShouldBe(EnqueueResult.AlreadyStored);

        (await queue.ClaimAsync(Yahoo, 10)).Deliveries.Select(delivery => delivery.Id)
            .ShouldBe([message.Delivery(0), message.Delivery(1), message.Delivery(2)], ignoreOrder: true);
        (await queue.CountAsync(CancellationToken.None)).Messages.ShouldBe(1);
        await Server.Daemon.ShouldBeSoundAsync();
    }

    [RedisFact]
    public async Task Enqueue_AskedAgainAfterWhatMovedAheadWasDelivered_TimelineHasBoth()
    {
        var queue = await OpenAsync(options => options with { Shards = 64, Events = new EventOptions { Node = "node-a" } });
        var message = Message(Now, To(Yahoo), To(Google));
        await using var link = await Server.Daemon.ConnectAsync();
        var shards = new ShardMap([.. Enumerable.Range(0, 64).Select(number => new Shard(number, link, 10, null))]);
        var (_, second) = EnqueueArguments.Encode(message, shards, null)[1];
        await shards.Of(Google).RunAsync(new QueueScripts().Enqueue, [second.Length, .. second]);
        var claim = await queue.ClaimAsync(Google);
        await queue.SettleAsync(claim.Session, new Settlement.Rerouted(message.Delivery(1), Yahoo));
        claim = await queue.ClaimAsync(Yahoo);
        var delivered = new MailEvent { Kind = MailEventKind.Delivered, At = Now, Message = message.Id.ToString() };
        await queue.SettleAsync(claim.Session, claim.Sent() with { Events = [delivered] });

        (await queue.EnqueueAsync(message, CancellationToken.None)).ShouldBe(EnqueueResult.Stored);

        (await queue.TimelineAsync(message.Id, CancellationToken.None)).Select(each => each.Event.Kind)
            .ShouldBe([MailEventKind.Accepted, MailEventKind.Delivered], ignoreOrder: true);
        (await queue.ClaimAsync(Yahoo, 10)).Deliveries.ShouldHaveSingleItem().Id.ShouldBe(message.Delivery());
    }

    [RedisFact]
    public async Task Shards_ReroutedByASessionThatLostIt_IsRefusedAndNotCopied()
    {
        var queue = await OpenAsync(options => options with { Shards = 64, NodeExpiry = TimeSpan.Zero });
        await queue.StoreAsync(Message(Now));
        var claim = await queue.ClaimAsync(Google);
        await queue.ReapAsync(NodeA, CancellationToken.None);

        (await queue.SettleAsync(claim.Session, new Settlement.Rerouted(claim.Deliveries[0].Id, Yahoo))).ShouldBe(SettleVerdict.Refused);

        (await queue.LanesAsync(10, CancellationToken.None)).ShouldHaveSingleItem().Lane.ShouldBe(Google);
    }
}
