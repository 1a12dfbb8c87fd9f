using Shouldly;
using Webcluster.TestKit.Peers;
using Webcluster.TestKit.Redis;

namespace Webcluster.Queue.Tests.Redis.Connection;

public sealed class RedisTopologyTests
{
    [RedisFact]
    public async Task Sentinel_PrimaryDies_TheOtherIsUsed()
    {
        await using var first = await RedisDaemon.StartAsync();
        await using var second = await RedisDaemon.StartAsync("--replicaof", "127.0.0.1 " + first.Port);
        await using var sentinel = await RedisDaemon.StartSentinelAsync("mail", first);
        await LinkSamples.UntilAsync(
            async () => (await sentinel.RunAsync("SENTINEL", "REPLICAS", "mail")).Contains(second.Address, StringComparison.Ordinal),
            "the Sentinel knows the replica");
        await using var link = await LinkSamples.ConnectAsync(options =>
            (options.Sentinels, options.PrimaryName) = (["127.0.0.1:1", sentinel.Address], "mail"));
        (await link.AnswersAsync()).ShouldBeTrue();
        link.Servers()[0].Name.ShouldBe(first.Address);
        await first.KillAsync();
        await link.AnsweredAsync();
        link.Servers()[0].Name.ShouldBe(second.Address);
        await link.RunAsync(LinkSamples.Set, ["wc:{0}:x"], ["y"]);
        (await second.RunAsync("GET", "wc:{0}:x")).ShouldBe("y");
    }

    [RedisFact]
    public async Task Sentinel_OrderedFailover_IsFollowed()
    {
        await using var first = await RedisDaemon.StartAsync();
        await using var second = await RedisDaemon.StartAsync("--replicaof", "127.0.0.1 " + first.Port);
        await using var sentinel = await RedisDaemon.StartSentinelAsync("mail", first);
        await using var link = await LinkSamples.ConnectAsync(options => (options.Sentinels, options.PrimaryName) = ([sentinel.Address], "mail"));
        await LinkSamples.UntilAsync(async () => await sentinel.RunAsync("SENTINEL", "FAILOVER", "mail") is "OK", "the failover begins");
        await Patience.Until(() => link.Servers() is [var server] && server.Name == second.Address, "the link leads to the other");
        await link.AnsweredAsync();
    }

    [RedisFact]
    public async Task Sentinel_NameUnknown_IsDown()
    {
        await using var first = await RedisDaemon.StartAsync();
        await using var sentinel = await RedisDaemon.StartSentinelAsync("mail", first);
        await using var link = await LinkSamples.ConnectAsync(options => (options.Sentinels, options.PrimaryName) = ([sentinel.Address], "other"));
        link.IsUp.ShouldBeFalse();
    }

    [RedisFact]
    public async Task Sentinel_AllGone_ThePrimaryIsUsedOn()
    {
        await using var first = await RedisDaemon.StartAsync();
        await using var sentinel = await RedisDaemon.StartSentinelAsync("mail", first);
        await using var link = await LinkSamples.ConnectAsync(options => (options.Sentinels, options.PrimaryName) = ([sentinel.Address], "mail"));
        await sentinel.KillAsync();
        await Task.Delay(TimeSpan.FromSeconds(6));
        (await link.AnswersAsync()).ShouldBeTrue();
    }

    [RedisFact]
    public async Task Cluster_KeysOfAllNodes_AreFoundAndANodeThatRestartsIsUsedAgain()
    {
        await using var cluster = await RedisClusterDaemons.StartAsync();
        await using var link = await LinkSamples.ConnectAsync(options => (options.Servers, options.Cluster) = ([cluster.Nodes[0].Address], true));
        var holders = new HashSet<string>();
        for (var shard = 0; shard < 64; shard++)
        {
            await link.RunAsync(LinkSamples.Set, [$"wc:{{{shard}}}:x"], [shard]);
            ((int)await link.GetAsync($"wc:{{{shard}}}:x")).ShouldBe(shard);
            holders.Add((await link.HolderAsync($"wc:{{{shard}}}:x")).Name);
        }
        holders.Count.ShouldBe(3);

        var (generation, node) = (link.Generation, cluster.Nodes[2]);
        await node.KillAsync();
        await Patience.Until(() => link.Generation > generation, "noticed");
        await node.RestartAsync();
        var began = TimeProvider.System.GetTimestamp();
        for (var shard = 0; shard < 64; shard++)
            while (await LinkSamples.TroubleOfAsync(() => link.RunAsync(LinkSamples.Set, [$"wc:{{{shard}}}:x"], [shard])) is not null)
                TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(20));
    }

    [RedisFact]
    public async Task Cluster_PrimaryDies_ItsReplicaIsUsed()
    {
        await using var cluster = await RedisClusterDaemons.StartAsync(replicas: 1);
        await using var link = await LinkSamples.ConnectAsync(options => (options.Servers, options.Cluster) = ([cluster.Nodes[0].Address], true));
        await link.RunAsync(LinkSamples.Set, ["wc:{0}:x"], ["before"]);
        var holder = await link.HolderAsync("wc:{0}:x");
        foreach (var node in cluster.Nodes)
            await LinkSamples.UntilAsync(
                async () => !(await node.RunAsync("INFO", "replication")).Contains("master_link_status:down", StringComparison.Ordinal),
                "replicas follow");
        await cluster.Nodes.Single(node => node.Address == holder.Name).KillAsync();
        await LinkSamples.UntilAsync(
            async () => await LinkSamples.TroubleOfAsync(() => link.RunAsync(LinkSamples.Set, ["wc:{0}:x"], ["after"])) is null,
            "the replica is used");
        (await link.HolderAsync("wc:{0}:x")).Name.ShouldNotBe(holder.Name);
    }
}
