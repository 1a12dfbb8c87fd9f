using Shouldly;
using Webcluster.Queue.Redis.Suppression;
using Webcluster.Queue.Suppression;
using Webcluster.Queue.Tests.Redis;
using Webcluster.Queue.Tests.Redis.Cluster;
using Xunit;

namespace Webcluster.Queue.Tests.Suppression;

[OnRedis]
public sealed class RedisSoftFailureTests(RedisServerFixture server) : SoftFailureContract, IClassFixture<RedisServerFixture>
{
    protected override Task EmptyAsync() => server.EmptyAsync();

    protected override async ValueTask<IMailQueue> OpenAsync() => await server.OpenAsync(Metrics, Time);

    protected override async ValueTask CleanAsync() => await server.Daemon.ShouldBeSoundAsync();

    [ContractFact]
    public async Task Count_MoreAddressesThanABucketHas_TheOneThatFailedLongestAgoIsForgotten()
    {
        var sameBucket = Enumerable.Range(0, int.MaxValue).Select(i => Failure($"user{i}@rcpt.example", 1))
            .Where(failure => new SuppressionName(failure.Key.Address).Bucket == 7).Take(17).ToArray();
        var limit = new SoftFailureLimit(5, TimeSpan.FromDays(14));
        foreach (var failure in sameBucket)
        {
            await ((ISoftFailures)Queue).CountAsync([failure], limit, CancellationToken.None);
            Time.Advance(TimeSpan.FromSeconds(1));
        }

        var again = sameBucket.Select(failure => failure with { Message = Failure("anna@rcpt.example", 2).Message }).ToArray();
        (await ((ISoftFailures)Queue).CountAsync(again[1..], limit, CancellationToken.None)).ShouldAllBe(count => count == 2);
        (await ((ISoftFailures)Queue).CountAsync(again[..1], limit, CancellationToken.None)).ShouldBe([1]);
        (await server.Daemon.RunAsync("EVAL", "local k = redis.call('KEYS', 'wc:*:k:*') return #k == 1 and redis.call('PTTL', k[1]) > 1209000000 and 'one' or #k", "0"))
            .Trim().ShouldBe("one");
    }
}

[OnRedis]
public sealed class ClusteredRedisSoftFailureTests(RedisClusterFixture cluster) : SoftFailureContract, IClassFixture<RedisClusterFixture>
{
    protected override Task EmptyAsync() => cluster.EmptyAsync();

    protected override async ValueTask<IMailQueue> OpenAsync() =>
        await cluster.OpenAsync(Metrics, options => options with { StoreClock = Time });
}
