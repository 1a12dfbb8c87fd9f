using Xunit;

namespace Webcluster.Queue.Tests.Redis;

[OnRedis]
public sealed class RedisMailQueueContractTests(RedisServerFixture server) : MailQueueContract, IClassFixture<RedisServerFixture>
{
    private readonly QueueMetrics _metrics = new();
    private bool _isEmpty;

    protected override async ValueTask<IMailQueue> MakeAsync()
    {
        if (!_isEmpty)
            await server.EmptyAsync();
        _isEmpty = true;
        return await server.OpenAsync(_metrics, Time, options => options with { SiteLimits = Limits });
    }

    /// <summary>Claims outlive the node's process here: they end when the node is reaped.</summary>
    protected override async ValueTask<bool> TryRestartAsync()
    {
        await CloseAsync();
        await ReopenAsync();
        return false;
    }

    protected override async ValueTask CleanAsync()
    {
        _metrics.Dispose();
        await server.Daemon.ShouldBeSoundAsync();
    }
}
