using Shouldly;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Redis;
using Webcluster.Queue.Redis.Durability;
using Webcluster.Queue.Redis.Shards;
using Webcluster.Queue.Tests.Redis.Connection;
using Webcluster.TestKit.Redis;
using Xunit;
using static Webcluster.Queue.Tests.QueueSamples;

namespace Webcluster.Queue.Tests.Redis.Cluster;

/// <summary>A shard's slot moves to another server, in mode replicated: replicas of whoever has it now must have what is accepted.</summary>
public sealed class ReplicatedSlotMoveTests : IAsyncLifetime
{
    private readonly QueueMetrics _metrics = new();
    private RedisClusterDaemons _cluster = null!;
    private RedisMailQueue _queue = null!;

    public async Task InitializeAsync()
    {
        if (!File.Exists(RedisDaemon.Server))
            return;
        _cluster = await RedisClusterDaemons.StartAsync(replicas: 1, "--aof-load-truncated", "no");
        foreach (var node in _cluster.Nodes)
            await LinkSamples.UntilAsync(
                async () => !(await node.RunAsync("INFO", "replication")).Contains("master_link_status:down", StringComparison.Ordinal), "replicas follow");
        _queue = await RedisClusterFixture.OpenAsync(_cluster, _metrics, options => options with
        {
            Durability = new DurabilityOptions { Mode = DurabilityMode.Replicated, ReplicaTimeout = TimeSpan.FromSeconds(2) },
        });
    }

    public async Task DisposeAsync()
    {
        if (_queue is not null)
            await _queue.DisposeAsync();
        if (_cluster is not null)
            await _cluster.DisposeAsync();
        _metrics.Dispose();
    }

    [RedisFact]
    public async Task Shard_MovesAway_BothServersConfirmForTheirOwn()
    {
        var slot = await SlotAsync(0);
        var from = await _cluster.OwnerAsync(slot);
        var to = await OtherPrimaryAsync(from);
        var (moves, stays) = (LaneOf(0), LaneOf(await OtherShardAsync(from)));
        await AcceptedAsync(stays);

        await _cluster.MoveAsync(slot, from, to);

        await AcceptedAsync(stays);
        await AcceptedAsync(moves);
        await AcceptedAsync(stays);
        (await to.RunAsync("CLUSTER", "GETKEYSINSLOT", $"{slot}", "1000")).ShouldContain(DurabilityKeys.Fence(0));
    }

    [RedisFact]
    public async Task Shard_MovesAway_ReplicasOfTheServerThatHadItDoNotCount()
    {
        var from = await _cluster.OwnerAsync(await SlotAsync(0));
        var to = await OtherPrimaryAsync(from);
        var moves = await OtherShardAsync(from);
        var message = Message(DateTimeOffset.UtcNow, To(LaneOf(moves)));
        await AcceptedAsync(LaneOf(0));
        await _cluster.MoveAsync(await SlotAsync(moves), from, to);
        var replica = await ReplicaAsync(to);

        await replica.PauseAsync();
        (await _queue.EnqueueAsync(message, CancellationToken.None)).ShouldBe(EnqueueResult.Unavailable);
        await replica.ResumeAsync();

        await AcceptedAsync(LaneOf(moves));
    }

    [RedisFact]
    public async Task Primary_HandsOverToItsReplica_MailIsAcceptedSoon()
    {
        await AcceptedAsync(LaneOf(0));
        var primary = await _cluster.OwnerAsync(await SlotAsync(0));

        await RedisClusterDaemons.HandOverAsync(primary, await ReplicaAsync(primary));

        // Long before it would look again at who has what.
        await AcceptedAsync(LaneOf(0)).WaitAsync(TimeSpan.FromSeconds(20));
    }

    private Task<int> SlotAsync(int shard) => _cluster.SlotAsync(Shard.PrefixOf(shard));

    private static LaneKey LaneOf(int shard) => Enumerable.Range(0, 10_000).Select(i => new LaneKey($"provider{i}", "mx.example", "main"))
        .First(lane => ShardMap.IndexOf(lane.Provider, RedisClusterFixture.Shards) == shard);

    private async Task<int> OtherShardAsync(RedisDaemon of)
    {
        for (var shard = 1; shard < RedisClusterFixture.Shards; shard++)
            if (await _cluster.OwnerAsync(await SlotAsync(shard)) == of)
                return shard;
        throw new InvalidOperationException("it has but one");
    }

    private async Task<RedisDaemon> OtherPrimaryAsync(RedisDaemon than)
    {
        foreach (var node in _cluster.Nodes.Where(node => node != than))
            if ((await node.RunAsync("INFO", "replication")).Contains("role:master", StringComparison.Ordinal))
                return node;
        throw new InvalidOperationException("there is none");
    }

    private async Task<RedisDaemon> ReplicaAsync(RedisDaemon of)
    {
        foreach (var node in _cluster.Nodes)
            if ((await node.RunAsync("INFO", "replication")).Contains($"master_port:{of.Port}", StringComparison.Ordinal))
                return node;
        throw new InvalidOperationException("it has none");
    }

    /// <summary>As a client that hears 451 and comes back.</summary>
    private Task AcceptedAsync(LaneKey lane)
    {
        var message = Message(DateTimeOffset.UtcNow, To(lane));
        return LinkSamples.UntilAsync(
            async () => await _queue.EnqueueAsync(message, CancellationToken.None) is EnqueueResult.Stored or EnqueueResult.AlreadyStored,
            "the message is accepted");
    }
}
