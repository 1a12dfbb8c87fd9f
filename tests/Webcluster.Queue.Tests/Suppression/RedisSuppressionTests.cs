using Webcluster.Queue.Redis;
using Webcluster.Queue.Tests.Redis;
using Webcluster.Queue.Tests.Redis.Cluster;
using Webcluster.TestKit.Redis;
using Xunit;

namespace Webcluster.Queue.Tests.Suppression;

public abstract class RedisSuppressionContract : SuppressionContract
{
    protected abstract IReadOnlyList<RedisDaemon> Servers { get; }

    protected override async Task SweepAsync()
    {
        for (var step = 0; step < 70; step++) await ((RedisMailQueue)Queue).SweepSuppressionsAsync(TimeSpan.Zero);
    }

    // What is there, and that the count of it is right.
    protected override async Task<long> StoredAsync()
    {
        var stored = await Task.WhenAll(Servers.Select(async server => long.Parse((await server.RunAsync("EVAL", """
            local rows, counted = 0, 0
            for _, key in ipairs(redis.call('KEYS', 'wc:*:b:*')) do rows = rows + redis.call('HLEN', key) end
            for _, key in ipairs(redis.call('KEYS', 'wc:*:totals')) do counted = counted + (redis.call('HGET', key, 'y') or 0) end
            return tostring(rows == counted and rows or -1000000)
            """, "0")).Trim())));
        return stored.Sum();
    }

    protected override async ValueTask CleanAsync()
    {
        foreach (var server in Servers) await server.ShouldBeSoundAsync();
    }
}

[OnRedis]
public sealed class RedisSuppressionTests(RedisServerFixture server) : RedisSuppressionContract, IClassFixture<RedisServerFixture>
{
    protected override IReadOnlyList<RedisDaemon> Servers => [server.Daemon];

    protected override Task EmptyAsync() => server.EmptyAsync();

    protected override async ValueTask<IMailQueue> OpenAsync() => await server.OpenAsync(Metrics, Time);
}

/// <summary>A number of shards that does not divide the buckets.</summary>
[OnRedis]
public sealed class ShardedRedisSuppressionTests(RedisServerFixture server) : RedisSuppressionContract, IClassFixture<RedisServerFixture>
{
    protected override IReadOnlyList<RedisDaemon> Servers => [server.Daemon];

    protected override Task EmptyAsync() => server.EmptyAsync();

    protected override async ValueTask<IMailQueue> OpenAsync() => await server.OpenAsync(Metrics, Time, options => options with { Shards = 3 });
}

[OnRedis]
public sealed class ClusteredRedisSuppressionTests(RedisClusterFixture cluster) : RedisSuppressionContract, IClassFixture<RedisClusterFixture>
{
    protected override IReadOnlyList<RedisDaemon> Servers => cluster.Daemons.Nodes;

    protected override Task EmptyAsync() => cluster.EmptyAsync();

    protected override async ValueTask<IMailQueue> OpenAsync() =>
        await cluster.OpenAsync(Metrics, options => options with { StoreClock = Time });
}
