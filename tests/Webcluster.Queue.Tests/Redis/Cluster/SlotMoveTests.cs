using System.Collections.Concurrent;
using Shouldly;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Redis;
using Webcluster.Queue.Redis.Shards;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Settling;
using Webcluster.TestKit.Redis;
using Xunit;
using static Webcluster.Queue.Tests.QueueSamples;

namespace Webcluster.Queue.Tests.Redis.Cluster;

/// <summary>
/// While a slot moves, some of its keys are at one server and some at another, and a script would see half a shard: so none runs there
/// meanwhile.
/// </summary>
public sealed class SlotMoveTests(RedisClusterFixture cluster) : IClassFixture<RedisClusterFixture>, IAsyncLifetime
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;
    private readonly OpenQueues _queues = new();

    public async Task InitializeAsync()
    {
        if (cluster.Daemons is not null)
            await cluster.EmptyAsync();
    }

    public Task DisposeAsync() => _queues.DisposeAsync().AsTask();

    [RedisFact]
    public async Task Everything_WhileTheSlotMoves_WaitsAndNothingIsWrittenElsewhere()
    {
        var queue = await OpenAsync();
        var before = await queue.StoreAsync(Message(Now));
        var claim = await queue.ClaimAsync(Google);
        var meanwhile = Message(Now);
        var slot = await cluster.Daemons.SlotAsync(Shard.PrefixOf(ShardMap.IndexOf(Google.Provider, RedisClusterFixture.Shards)));
        var from = await cluster.Daemons.OwnerAsync(slot);
        var to = cluster.Daemons.Nodes.First(node => node != from);
        var keys = await CountAsync(from, slot);

        await RedisClusterDaemons.BeginMoveAsync(slot, from, to);
        (await queue.EnqueueAsync(meanwhile, CancellationToken.None)).ShouldBe(EnqueueResult.Unavailable);
        (await queue.RefusedAsync(Google)).Reason.ShouldBe(WaitReason.StoreUnavailable);
        await Should.ThrowAsync<QueueUnavailableException>(async () => await queue.BeatAsync(NodeA, CancellationToken.None));
        var settling = queue.SettleAsync(claim.Session, claim.Deferred(TimeSpan.Zero));
        (await CountAsync(to, slot)).ShouldBe(0);
        (await CountAsync(from, slot)).ShouldBe(keys);
        settling.IsCompleted.ShouldBeFalse();
        await RedisClusterDaemons.AbandonMoveAsync(slot, from, to);

        (await settling.SoonAsync()).ShouldBe(SettleVerdict.Settled);
        await queue.StoreAsync(meanwhile);
        var again = await queue.ClaimAsync(Google, 10);
        again.Messages().ShouldBe([before.Id, meanwhile.Id], ignoreOrder: true);
    }

    [RedisFact]
    public async Task Enqueue_LargeWhileTheSlotOfOneShardMoves_SendsContentOnceToEach()
    {
        const int Octets = 4 * 1024 * 1024;
        var queue = await _queues.AddAsync(cluster.OpenAsync(_queues.Metrics, options =>
        {
            options.Link.CallTimeout = TimeSpan.FromSeconds(1);
            return options;
        }));
        await queue.StoreAsync(Message(Now, To(Google), To(Yahoo)));
        var slot = await cluster.Daemons.SlotAsync(Shard.PrefixOf(ShardMap.IndexOf(Yahoo.Provider, RedisClusterFixture.Shards)));
        var from = await cluster.Daemons.OwnerAsync(slot);
        var to = cluster.Daemons.Nodes.First(node => node != from);
        var message = Message(Now, To(Google), To(Yahoo)) with { Content = LargeContentTests.Noise(Octets) };
        await RedisClusterDaemons.BeginMoveAsync(slot, from, to);
        var before = await ReceivedAsync();

        (await queue.EnqueueAsync(message, CancellationToken.None)).ShouldBe(EnqueueResult.Unavailable);

        // Once to the shard that stays; the other's goes to both servers, which refuse it.
        (await ReceivedAsync() - before).ShouldBeInRange(3 * Octets, 4 * Octets);
        await RedisClusterDaemons.AbandonMoveAsync(slot, from, to);
        await queue.StoreAsync(message);
        foreach (var lane in new[] { Google, Yahoo })
            (await queue.ClaimAsync(lane, 10)).Messages().Count(id => id == message.Id).ShouldBe(1);
    }

    [RedisFact]
    public async Task Reshard_UnderLoad_EachMessageIsDeliveredOnce()
    {
        var lanes = Enumerable.Range(0, 40).Select(i => new LaneKey($"provider{i}", $"mx{i}.example", "main")).ToArray();
        var (one, other) = (await OpenAsync(), await OpenAsync());
        var claimed = new ConcurrentDictionary<DeliveryId, int>();
        var stored = new ConcurrentBag<MessageId>();
        using var moved = new CancellationTokenSource();
        using var ended = new CancellationTokenSource(TimeSpan.FromMinutes(2));

        async Task ProduceAsync(RedisMailQueue queue, int producer)
        {
            for (var i = producer; !moved.IsCancellationRequested || stored.Count < 500; i++)
            {
                var message = Message(Now, To(lanes[i % lanes.Length]), To(lanes[(i + 7) % lanes.Length]));
                // As a client that hears 451 and comes back.
                while (await queue.EnqueueAsync(message, CancellationToken.None) is EnqueueResult.Unavailable)
                    await Task.Delay(50, ended.Token);
                stored.Add(message.Id);
                await Task.Delay(5, ended.Token);
            }
        }

        async Task DeliverAsync(RedisMailQueue queue, NodeId node)
        {
            while (true)
                foreach (var lane in await queue.NextLanesAsync(4, [], ended.Token))
                {
                    if (await queue.TryClaimAsync(lane, 5, node: node) is not ClaimResult.Granted claim)
                        continue;
                    foreach (var delivery in claim.Deliveries)
                        claimed.AddOrUpdate(delivery.Id, 1, (_, times) => times + 1);
                    Settlement[] sent = [.. claim.Deliveries.Select(delivery => new Settlement.Done(delivery.Id, Sent: true))];
                    (await queue.SettleAsync(claim.Session, sent, CancellationToken.None)).ShouldAllBe(verdict => verdict == SettleVerdict.Settled);
                    await queue.ReleaseAsync(claim.Session, CancellationToken.None);
                }
        }

        var produce = Task.WhenAll(Task.Run(() => ProduceAsync(one, 0)), Task.Run(() => ProduceAsync(other, 1)));
        Task[] deliver = [Task.Run(() => DeliverAsync(one, NodeA)), Task.Run(() => DeliverAsync(other, NodeB))];
        // Each with shards in it, and there and back.
        foreach (var (from, to) in new[] { (0, 1), (1, 2), (2, 0) })
            (await RedisClusterDaemons.ReshardAsync(cluster.Daemons.Nodes[from], cluster.Daemons.Nodes[to], 500)).ShouldNotContain("ERR");
        await moved.CancelAsync();
        await produce;
        while (claimed.Count < 2 * stored.Count && !deliver.Any(task => task.IsCompleted))
            await Task.Delay(20, ended.Token);
        await ended.CancelAsync();
        foreach (var task in deliver)
            await Should.ThrowAsync<OperationCanceledException>(task);

        claimed.Count.ShouldBe(2 * stored.Count);
        claimed.Values.ShouldAllBe(times => times == 1);
        await Task.WhenAll(one.TendAsync(NodeA, CancellationToken.None).AsTask(), other.TendAsync(NodeB, CancellationToken.None).AsTask());
        var counts = await one.CountAsync(CancellationToken.None);
        (counts.Messages, counts.Ready, counts.Scheduled, counts.Claimed, counts.ContentOctets, counts.Sessions).ShouldBe((0, 0, 0, 0, 0, 0));
    }

    private async Task<long> ReceivedAsync() =>
        (await Task.WhenAll(cluster.Daemons.Nodes.Select(node => node.StatisticAsync("total_net_input_bytes")))).Sum();

    private static async Task<int> CountAsync(RedisDaemon node, int slot) => int.Parse(
        await node.RunAsync("CLUSTER", "COUNTKEYSINSLOT", slot.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        System.Globalization.CultureInfo.InvariantCulture);

    private Task<RedisMailQueue> OpenAsync() => _queues.AddAsync(cluster.OpenAsync(_queues.Metrics));
}
