using Microsoft.Extensions.Logging.Abstractions;
using Webcluster.Queue.Redis;
using Webcluster.Queue.Redis.Connection;
using Webcluster.TestKit.Redis;
using Xunit;

namespace Webcluster.Queue.Tests.Redis;

/// <summary>One redis-server for the tests of a class, that come one after another and each find it empty.</summary>
public sealed class RedisServerFixture : IAsyncLifetime
{
    public RedisServerFixture()
    {
    }

    internal RedisServerFixture(RedisDaemon daemon) => Daemon = daemon;

    public RedisDaemon Daemon { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (File.Exists(RedisDaemon.Server))
            // Never started on a torn file, so that mail is accepted from the first moment.
            Daemon = await RedisDaemon.StartAsync("--aof-load-truncated", "no");
    }

    public async Task DisposeAsync()
    {
        if (Daemon is not null)
            await Daemon.DisposeAsync();
    }

    public Task EmptyAsync() => Daemon.RunAsync("FLUSHALL");

    internal async Task<RedisMailQueue> OpenAsync(
        QueueMetrics metrics, TimeProvider? storeClock = null, Func<RedisQueueOptions, RedisQueueOptions>? change = null)
    {
        // Time-outs have tests of their own; elsewhere a slow machine is no reason to fail.
        var link = new RedisLinkOptions { Servers = [Daemon.Address], CallTimeout = TimeSpan.FromSeconds(15) };
        var options = new RedisQueueOptions { Link = link, StoreClock = storeClock };
        return await RedisMailQueue.OpenAsync(
            change?.Invoke(options) ?? options, TimeProvider.System, metrics, NullLogger<RedisMailQueue>.Instance, CancellationToken.None);
    }
}
