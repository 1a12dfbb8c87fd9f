using Shouldly;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Redis;
using Webcluster.Queue.Redis.Durability;
using Webcluster.Queue.Redis.Shards;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Settling;
using Webcluster.Queue.Tests.Redis.Connection;
using Webcluster.TestKit.Redis;
using Xunit;
using static Webcluster.Queue.Tests.QueueSamples;

namespace Webcluster.Queue.Tests.Redis.Cluster;

/// <summary>One of three primaries dies, in mode replicated: its replica has what was accepted.</summary>
public sealed class ClusterFailoverTests : IAsyncLifetime
{
    private const int Messages = 90;
    private static readonly LaneKey[] Lanes = [.. Enumerable.Range(0, 30).Select(i => new LaneKey($"provider{i}", $"mx{i}.example", "main"))];

    private readonly QueueMetrics _metrics = new();
    private readonly Dictionary<DeliveryId, int> _claimed = [];
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
        _queue = await RedisClusterFixture.OpenAsync(
            _cluster, _metrics, options => options with { Durability = new DurabilityOptions { Mode = DurabilityMode.Replicated } });
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
    public async Task Primary_Dies_ItsReplicaGoesOnAndNothingIsLost()
    {
        for (var i = 0; i < Messages; i++)
            await AcceptedAsync(Message(DateTimeOffset.UtcNow, To(Lanes[i % Lanes.Length])));
        await _queue.BeatAsync(NodeA, CancellationToken.None);
        var underWay = new List<ClaimResult.Granted>();
        foreach (var lane in Lanes)
            underWay.Add(Noted(await _queue.ClaimAsync(lane)));
        var primary = await _cluster.OwnerAsync(await _cluster.SlotAsync(Shard.PrefixOf(ShardMap.IndexOf(Lanes[0].Provider, RedisClusterFixture.Shards))));

        await primary.KillAsync();

        // What was under way is settled, by whoever has it now.
        var verdicts = await Task.WhenAll(underWay.Select(claim => _queue.SettleAsync(claim.Session, claim.Sent()).SoonAsync()));
        verdicts.ShouldAllBe(verdict => verdict == SettleVerdict.Settled);
        foreach (var claim in underWay)
            await _queue.ReleaseAsync(claim.Session, CancellationToken.None);
        while (_claimed.Count < Messages)
            await DeliverAsync((await _queue.NextAsync().SoonAsync())[0]);
        _claimed.Values.ShouldAllBe(times => times == 1);
        (await _queue.CountAsync(CancellationToken.None)).Messages.ShouldBe(0);

        // The new primary has no replica: what it said alone could be lost with it.
        _queue.IsAccepting(out _).ShouldBeFalse();
        await primary.RestartAsync();
        foreach (var lane in Lanes)
            await AcceptedAsync(Message(DateTimeOffset.UtcNow, To(lane)));
        foreach (var node in _cluster.Nodes)
            await node.ShouldBeSoundAsync();
    }

    private async Task DeliverAsync(LaneKey lane)
    {
        if (await _queue.TryClaimAsync(lane, 10) is not ClaimResult.Granted claim)
            return;
        Settlement[] sent = [.. Noted(claim).Deliveries.Select(delivery => new Settlement.Done(delivery.Id, Sent: true))];
        (await _queue.SettleAsync(claim.Session, sent, CancellationToken.None)).ShouldAllBe(verdict => verdict == SettleVerdict.Settled);
        await _queue.ReleaseAsync(claim.Session, CancellationToken.None);
    }

    private ClaimResult.Granted Noted(ClaimResult.Granted claim)
    {
        foreach (var delivery in claim.Deliveries)
            _claimed[delivery.Id] = _claimed.GetValueOrDefault(delivery.Id) + 1;
        return claim;
    }

    /// <summary>As a client that hears 451 and comes back.</summary>
    private Task AcceptedAsync(NewMessage message) => LinkSamples.UntilAsync(
        async () => await _queue.EnqueueAsync(message, CancellationToken.None) is EnqueueResult.Stored, "the message is accepted");
}
