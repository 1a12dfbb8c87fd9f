using Xunit;

namespace Webcluster.Queue.Tests.Redis.Cluster;

/// <summary>
/// Everything that is promised of a queue, through the client of a cluster. On one shard: what the contract says of a message is said of
/// each of its shards.
/// </summary>
[OnRedis]
public sealed class RedisClusterContractTests(RedisClusterFixture cluster) : MailQueueContract, IClassFixture<RedisClusterFixture>
{
    private readonly QueueMetrics _metrics = new();
    private bool _isEmpty;

    protected override async ValueTask<IMailQueue> MakeAsync()
    {
        if (!_isEmpty)
            await cluster.EmptyAsync();
        _isEmpty = true;
        return await cluster.OpenAsync(_metrics, options => options with { SiteLimits = Limits, StoreClock = Time, Shards = 1 });
    }

    /// <summary>Claims outlive the node's process: they end when the node is reaped.</summary>
    protected override async ValueTask<bool> TryRestartAsync()
    {
        await CloseAsync();
        await ReopenAsync();
        return false;
    }

    protected override ValueTask CleanAsync()
    {
        _metrics.Dispose();
        return ValueTask.CompletedTask;
    }
}
