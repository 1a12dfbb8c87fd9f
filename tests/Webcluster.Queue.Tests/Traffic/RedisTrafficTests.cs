using Webcluster.Queue.Tests.Redis;
using Xunit;

namespace Webcluster.Queue.Tests.Traffic;

[OnRedis]
public sealed class RedisTrafficTests(RedisServerFixture server) : TrafficContract, IClassFixture<RedisServerFixture>
{
    protected override Task EmptyAsync() => server.EmptyAsync();

    protected override async ValueTask<IMailQueue> OpenAsync() =>
        await server.OpenAsync(Metrics, Time, options => options with { SiteLimits = Limits });
}
