using Webcluster.Queue.Lanes;
using Webcluster.Queue.Tests.Redis;
using Webcluster.Queue.Tests.Redis.Cluster;
using Xunit;

namespace Webcluster.Queue.Tests.Rules;

public abstract class RedisQueueRulesContract(RedisServerFixture server, int shards) : QueueRulesContract
{
    private readonly QueueMetrics _metrics = new();
    private bool _isEmpty;

    protected override async ValueTask<IMailQueue> OpenAsync()
    {
        if (!_isEmpty)
            await server.EmptyAsync();
        _isEmpty = true;
        return await server.OpenAsync(_metrics, Time, options => options with { SiteLimits = new SiteLimits(10, 1000), Shards = shards });
    }

    protected override async ValueTask CleanAsync()
    {
        _metrics.Dispose();
        await server.Daemon.ShouldBeSoundAsync();
    }
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
    private readonly QueueMetrics _metrics = new();
    private bool _isEmpty;

    protected override async ValueTask<IMailQueue> OpenAsync()
    {
        if (!_isEmpty)
            await cluster.EmptyAsync();
        _isEmpty = true;
        return await cluster.OpenAsync(_metrics, options => options with { SiteLimits = new SiteLimits(10, 1000), StoreClock = Time });
    }

    protected override async ValueTask CleanAsync()
    {
        _metrics.Dispose();
        foreach (var node in cluster.Daemons.Nodes)
            await node.ShouldBeSoundAsync();
    }
}
