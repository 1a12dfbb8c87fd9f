using Webcluster.Queue.Tests.Embedded;
using Webcluster.Queue.Tests.Redis;
using Xunit;

namespace Webcluster.Queue.Tests.Events;

public sealed class EmbeddedEventLogTests : EventLogContract
{
    private readonly EmbeddedStore _store = new();

    protected override ValueTask<IMailQueue> OpenAsync() => new(_store.Open(Metrics, Time, options => options with { Events = Events }));

    protected override ValueTask CleanAsync()
    {
        _store.Dispose();
        return ValueTask.CompletedTask;
    }
}

[OnRedis]
public sealed class RedisEventLogTests(RedisServerFixture server) : EventLogContract, IClassFixture<RedisServerFixture>
{
    protected override Task EmptyAsync() => server.EmptyAsync();

    protected override async ValueTask<IMailQueue> OpenAsync() => await server.OpenAsync(Metrics, Time, options => options with { Events = Events });

    protected override async ValueTask CleanAsync() => await server.Daemon.ShouldBeSoundAsync();
}
