using Microsoft.Extensions.Logging.Abstractions;
using Webcluster.Queue.Redis;
using Webcluster.Queue.Redis.Connection;
using Webcluster.TestKit.Redis;
using Xunit;

namespace Webcluster.Queue.Tests.Redis.Cluster;

/// <summary>A Redis Cluster of three primaries for the tests of a class, that come one after another and each find it empty.</summary>
public sealed class RedisClusterFixture : IAsyncLifetime
{
    public const int Shards = 64;

    public RedisClusterDaemons Daemons { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (File.Exists(RedisDaemon.Server))
            Daemons = await RedisClusterDaemons.StartAsync(0, "--aof-load-truncated", "no");
    }

    public async Task DisposeAsync()
    {
        if (Daemons is not null)
            await Daemons.DisposeAsync();
    }

    public Task EmptyAsync() => Task.WhenAll(Daemons.Nodes.Select(node => node.RunAsync("FLUSHALL")));

    internal Task<RedisMailQueue> OpenAsync(QueueMetrics metrics, Func<RedisQueueOptions, RedisQueueOptions>? change = null) =>
        OpenAsync(Daemons, metrics, change);

    internal static Task<RedisMailQueue> OpenAsync(
        RedisClusterDaemons daemons, QueueMetrics metrics, Func<RedisQueueOptions, RedisQueueOptions>? change = null)
    {
        var options = new RedisQueueOptions
        {
            Link = new RedisLinkOptions { Servers = [.. daemons.Nodes.Select(node => node.Address)], Cluster = true, CallTimeout = TimeSpan.FromSeconds(5) },
            Shards = Shards,
        };
        return RedisMailQueue.OpenAsync(
            change?.Invoke(options) ?? options, TimeProvider.System, metrics, NullLogger<RedisMailQueue>.Instance, CancellationToken.None);
    }
}
