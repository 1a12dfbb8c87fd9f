using Webcluster.Queue.Lanes;
using Webcluster.Queue.Tests.Redis;
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

    protected override ValueTask CleanAsync()
    {
        _metrics.Dispose();
        return ValueTask.CompletedTask;
    }
}

public sealed class RedisQueueRulesTests(RedisServerFixture server) : RedisQueueRulesContract(server, shards: 1), IClassFixture<RedisServerFixture>;

/// <summary>The providers of the tests are on different shards.</summary>
public sealed class ShardedRedisQueueRulesTests(RedisServerFixture server)
    : RedisQueueRulesContract(server, shards: 4), IClassFixture<RedisServerFixture>;
