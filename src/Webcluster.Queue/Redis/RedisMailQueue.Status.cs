using StackExchange.Redis;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Redis.Connection;
using Webcluster.Queue.Redis.Records;
using Webcluster.Queue.Redis.Rules;
using Webcluster.Queue.Redis.Shards;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Status;

namespace Webcluster.Queue.Redis;

public sealed partial class RedisMailQueue
{
    private const int LanesCountedAtATime = 200;
    private const int MostLanes = 1000;
    private const int LaneStride = 10;
    private const int FindStride = 4;
    private static readonly TimeSpan CountInterval = TimeSpan.FromSeconds(15);

    private volatile QueueCounts _latest = new(0, 0, 0, 0, 0, 0, 0, null);

    /// <summary>A message with deliveries on several shards counts on each.</summary>
    public async ValueTask<QueueCounts> CountAsync(CancellationToken cancellation)
    {
        var counts = await OnAllAsync(CountAsync, cancellation);
        return counts.Aggregate((one, other) => new QueueCounts(
            one.Messages + other.Messages, one.Ready + other.Ready, one.Scheduled + other.Scheduled, one.Claimed + other.Claimed,
            one.ContentOctets + other.ContentOctets, one.Lanes + other.Lanes, one.Sessions + other.Sessions,
            one.OldestReady < other.OldestReady ? one.OldestReady : other.OldestReady ?? one.OldestReady, one.Held + other.Held));
    }

    public async ValueTask<IReadOnlyList<LaneStatus>> LanesAsync(int most, CancellationToken cancellation)
    {
        if (most < 1)
            return [];
        var asked = Math.Min(most, MostLanes);
        var found = await OnAllAsync(async shard => LanesOf(await shard.RunAsync(_scripts.Lanes, asked)), cancellation);
        return [.. Largest(found.SelectMany(lanes => lanes)).Take(asked)];
    }

    public async ValueTask<IReadOnlyList<LaneStatus>> SiteLanesAsync(string provider, string site, CancellationToken cancellation)
    {
        RedisValue[] arguments = [MostLanes, LaneCode.Site(provider, site)];
        if (provider != LaneKey.Bounces.Provider)
            return [.. Largest(LanesOf(await AskAsync(provider, _scripts.Lanes, arguments, cancellation)))];
        var found = await OnAllAsync(async shard => LanesOf(await shard.RunAsync(_scripts.Lanes, arguments)), cancellation);
        return [.. Largest(found.SelectMany(lanes => lanes))];
    }

    public async ValueTask<IReadOnlyList<DeliveryStatus>> FindAsync(MessageId id, CancellationToken cancellation)
    {
        RedisValue message = DeliveryCode.Encode(id);
        var found = await OnAllAsync(
            async shard => DeliveriesOf(
                await shard.RunAsync(_scripts.Find, message, DeliveryCode.MostOrdinals, MessageRecord.HeaderOctets)),
            cancellation);
        return [.. found.SelectMany(deliveries => deliveries).OrderBy(delivery => delivery.Id.Ordinal)];
    }

    private async Task<QueueCounts> CountAsync(Shard shard)
    {
        var ready = 0L;
        DateTimeOffset? oldest = null;
        for (var skip = 0L; ;)
        {
            var reply = (await shard.RunAsync(_scripts.Count, skip, LanesCountedAtATime)).Items(least: 10);
            ready += reply[6].Number();
            oldest = StoreTime.Parse(reply[7].Text()) is { } due && !(oldest <= due) ? due : oldest;
            skip = reply[8].Number();
            if (skip == 0)
                return new QueueCounts(
                    reply[0].Number(), ready, Math.Max(0, reply[2].Number() - ready), reply[3].Number(), reply[1].Number(),
                    (int)reply[5].Number(), (int)reply[4].Number(), oldest, reply[9].Number());
        }
    }

    private static List<LaneStatus> LanesOf(RedisResult reply)
    {
        var items = reply.Items(stride: LaneStride);
        var lanes = new List<LaneStatus>(items.Length / LaneStride);
        for (var i = 0; i < items.Length; i += LaneStride)
            lanes.Add(new LaneStatus(
                Reply.Known(LaneCode.Decode(items[i].Octets())), items[i + 1].Number(), items[i + 2].Number(), items[i + 3].Number(),
                (int)items[i + 4].Number(), StoreTime.Parse(items[i + 5].Text()), Waits(items[i + 6].Text()),
                items[i + 7].Number(), RuleCode.DecodeShown(items[i + 8].Octets()), Window(items[i + 9].Number())));
        return lanes;
    }

    private static IEnumerable<LaneStatus> Largest(IEnumerable<LaneStatus> lanes) => lanes.GroupBy(lane => lane.Lane).Select(Together)
        .OrderByDescending(lane => lane.Ready + lane.Scheduled + lane.Claimed + lane.Held);

    /// <summary>A lane is on one shard; only that of bounces is on all.</summary>
    private static LaneStatus Together(IEnumerable<LaneStatus> lanes) => lanes.Aggregate((one, other) => one with
    {
        Ready = one.Ready + other.Ready, Scheduled = one.Scheduled + other.Scheduled, Claimed = one.Claimed + other.Claimed,
        Sessions = one.Sessions + other.Sessions, NextDue = one.NextDue < other.NextDue ? one.NextDue : other.NextDue ?? one.NextDue,
        Waits = one.Waits is null || other.Waits is null ? null : one.Waits, Held = one.Held + other.Held,
    });

    private static int? Window(long width) => width > 0 ? (int)width : null;

    private static WaitReason? Waits(string why) => why switch
    {
        "" => null,
        "due" => WaitReason.NothingDue,
        "paused" => WaitReason.LanePaused,
        "slow" => WaitReason.SiteTrouble,
        "connections" => WaitReason.ConnectionLimit,
        "rate" => WaitReason.RateLimit,
        "budget" => WaitReason.WarmupBudget,
        "sources" => WaitReason.SourcesSuspended,
        "suspended" => WaitReason.Suspended,
        "held" => WaitReason.Held,
        _ => throw Reply.Bad($"mail that waits for {why}"),
    };

    private static List<DeliveryStatus> DeliveriesOf(RedisResult reply)
    {
        var items = reply.Items();
        var deliveries = new List<DeliveryStatus>(items.Length / FindStride);
        if (items.Length == 0)
            return deliveries;
        if (!MessageRecord.TryReadTimes(items[0].Octets(), out var accepted, out var expires))
            throw Reply.Bad("a message that cannot be read");
        for (var i = 1; i + FindStride <= items.Length; i += FindStride)
        {
            var id = DeliveryCode.Decode(items[i].Octets()) ?? throw Reply.Bad("a delivery with another id");
            var delivery = Reply.Known(DeliveryRecord.Decode(items[i + 1].Octets()));
            deliveries.Add(new DeliveryStatus(
                id, delivery.Lane, delivery.Flow.Class, delivery.Flow.Tenant, delivery.Recipients, delivery.Attempts, accepted,
                delivery.Due, expires, delivery.Holder, Waits(items[i + 2].Text()), RuleCode.DecodeShown(items[i + 3].Octets())));
        }
        return deliveries;
    }

    /// <summary>Counts now and then, so that whoever reads the instruments need not wait.</summary>
    private async Task KeepCountingAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(CountInterval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
                try
                {
                    await ObserveAsync(stop);
                }
                catch (QueueUnavailableException)
                {
                    // The last counts stand until the store is back.
                }
        }
        catch (OperationCanceledException)
        {
            // The queue is being closed.
        }
    }
}
