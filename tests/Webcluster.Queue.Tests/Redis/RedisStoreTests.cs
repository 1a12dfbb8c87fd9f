using Webcluster.Queue.Redis;
using Xunit;

namespace Webcluster.Queue.Tests.Redis;

/// <summary>Tests that each find the store empty, and open what queues they need on it.</summary>
public abstract class RedisStoreTests(RedisServerFixture server) : IClassFixture<RedisServerFixture>, IAsyncLifetime
{
    private readonly OpenQueues _queues = new();

    protected RedisServerFixture Server => server;

    public async Task InitializeAsync()
    {
        if (server.Daemon is not null)
            await server.EmptyAsync();
    }

    public Task DisposeAsync() => _queues.DisposeAsync().AsTask();

    private protected Task<RedisMailQueue> OpenAsync(Func<RedisQueueOptions, RedisQueueOptions>? change = null, TimeProvider? clock = null) =>
        _queues.AddAsync(server.OpenAsync(_queues.Metrics, clock, change));
}
