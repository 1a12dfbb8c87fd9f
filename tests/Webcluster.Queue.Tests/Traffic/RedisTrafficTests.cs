using Webcluster.Queue.Tests.Redis;
using Xunit;

namespace Webcluster.Queue.Tests.Traffic;

public sealed class RedisTrafficTests(RedisServerFixture server) : TrafficContract, IClassFixture<RedisServerFixture>
{
    private readonly QueueMetrics _metrics = new();

    protected override async ValueTask<IMailQueue> OpenAsync()
    {
        await server.EmptyAsync();
        return await server.OpenAsync(_metrics, Time, options => options with { SiteLimits = Limits });
    }

    protected override ValueTask CleanAsync()
    {
        _metrics.Dispose();
        return ValueTask.CompletedTask;
    }
}
