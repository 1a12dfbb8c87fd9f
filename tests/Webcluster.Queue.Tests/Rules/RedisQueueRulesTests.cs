using Webcluster.Queue.Tests.Redis;
using Webcluster.Queue.Tests.Redis.Cluster;
using Xunit;

namespace Webcluster.Queue.Tests.Rules;

public abstract class RedisQueueRulesContract(RedisServerFixture server, int shards) : QueueRulesContract
{
    protected override Task EmptyAsync() => server.EmptyAsync();

    protected override async ValueTask<IMailQueue> OpenAsync() =>
        await server.OpenAsync(Metrics, Time, options => options with { SiteLimits = Limits, Shards = shards });

    protected override async ValueTask CleanAsync() => await server.Daemon.ShouldBeSoundAsync();
}

[OnRedis]
public sealed class RedisQueueRulesTests(RedisServerFixture server) : RedisQueueRulesContract(server, shards: 1), IClassFixture<RedisServerFixture>;

/// <summary>The providers of the tests are on different shards.</summary>
[OnRedis]
public sealed class ShardedRedisQueueRulesTests(RedisServerFixture server)
    : RedisQueueRulesContract(server, shards: 4), IClassFixture<RedisServerFixture>;

[OnRedis]
public sealed class ClusteredRedisQueueRulesTests(RedisClusterFixture cluster) : QueueRulesContract, IClassFixture<RedisClusterFixture>
{
    protected override Task EmptyAsync() => cluster.EmptyAsync();

    protected override async ValueTask<IMailQueue> OpenAsync() =>
        await cluster.OpenAsync(Metrics, options => options with { SiteLimits = Limits, StoreClock = Time });

    protected override async ValueTask CleanAsync()
    {
        foreach (var node in cluster.Daemons.Nodes)
            await node.ShouldBeSoundAsync();
    }
}
