using Xunit;

namespace Webcluster.Queue.Tests.Redis.Cluster;

/// <summary>
/// Everything that is promised of a queue, through the client of a cluster. On one shard: what the contract says of a message is said of
/// each of its shards.
/// </summary>
[OnRedis]
public sealed class RedisClusterContractTests(RedisClusterFixture cluster) : MailQueueContract, IClassFixture<RedisClusterFixture>
{
    protected override bool RestartEndsClaims => false;

    protected override Task EmptyAsync() => cluster.EmptyAsync();

    protected override async ValueTask<IMailQueue> OpenAsync() =>
        await cluster.OpenAsync(Metrics, options => options with { SiteLimits = Limits, StoreClock = Time, Shards = 1 });
}
