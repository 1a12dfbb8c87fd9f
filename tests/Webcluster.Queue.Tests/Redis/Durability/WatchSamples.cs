using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Webcluster.Queue.Redis.Connection;
using Webcluster.Queue.Redis.Durability;
using Webcluster.Queue.Tests.Redis.Connection;
using Webcluster.TestKit.Peers;
using Webcluster.TestKit.Redis;

namespace Webcluster.Queue.Tests.Redis.Durability;

/// <summary>A link with a watch over it.</summary>
internal sealed record WatchSamples(RedisLink Link, DurabilityWatch Watch) : IAsyncDisposable
{
    public DurabilityState State => Watch.Verdict.State;

    public static async Task<WatchSamples> StartAsync(RedisDaemon daemon, DurabilityOptions? options = null, ILogger? logger = null) =>
        await StartAsync(await daemon.ConnectAsync(), options, logger: logger);

    public static async Task<WatchSamples> StartAsync(
        RedisLink link, DurabilityOptions? options = null, int shards = 1, ILogger? logger = null)
    {
        try
        {
            return new WatchSamples(link, await DurabilityWatch.StartAsync(
                link, options ?? new DurabilityOptions(), new WatchedStore(shards), new QueueMetrics(),
                (TimeProvider.System, logger ?? NullLogger.Instance)));
        }
        catch
        {
            await link.DisposeAsync();
            throw;
        }
    }

    public Task AcceptsAsync() => Patience.Until(() => Watch.IsAccepting(out _), "mail is accepted");

    public Task RefusesAsync(EnqueueResult reason) =>
        Patience.Until(() => !Watch.IsAccepting(out var why) && why == reason, $"mail is refused: {reason}");

    public async ValueTask DisposeAsync()
    {
        await Watch.DisposeAsync();
        await Link.DisposeAsync();
    }
}
