using Xunit;

namespace Webcluster.Queue.Tests.Redis;

[OnRedis]
public sealed class RedisMailQueueContractTests(RedisServerFixture server) : MailQueueContract, IClassFixture<RedisServerFixture>
{
    protected override bool RestartEndsClaims => false;

    protected override Task EmptyAsync() => server.EmptyAsync();

    protected override async ValueTask<IMailQueue> OpenAsync() =>
        await server.OpenAsync(Metrics, Time, options => options with { SiteLimits = Limits });

    protected override async ValueTask CleanAsync() => await server.Daemon.ShouldBeSoundAsync();
}
