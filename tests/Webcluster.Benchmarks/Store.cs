using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;
using Webcluster.Queue;
using Webcluster.Queue.Events;
using Webcluster.Queue.Redis;
using Webcluster.Queue.Redis.Connection;

namespace Webcluster.Benchmarks;

/// <summary>A queue in a Redis, and what that Redis says of itself.</summary>
internal sealed class Store : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly QueueMetrics _metrics;
    private readonly ConnectionMultiplexer _connection;
    private readonly IServer _server;

    private Store(IMailQueue queue, QueueMetrics metrics, ConnectionMultiplexer connection)
    {
        (Queue, _metrics, _connection) = (queue, metrics, connection);
        _server = connection.GetServer(connection.GetEndPoints()[0]);
    }

    public IMailQueue Queue { get; }

    public static async Task<Store> OpenAsync(string redis, EventOptions events, CancellationToken cancellation)
    {
        var metrics = new QueueMetrics();
        var link = new RedisLinkOptions { Servers = [redis], CallTimeout = TimeSpan.FromSeconds(20) };
        var options = new RedisQueueOptions { Link = link, Events = events };
        var queue = await RedisMailQueue.OpenAsync(options, TimeProvider.System, metrics, NullLogger<RedisMailQueue>.Instance, cancellation);
        // A server that has just started writes its file anew first.
        for (var end = DateTime.UtcNow + Patience; !queue.IsAccepting(out var reason); await Task.Delay(100, cancellation))
            if (DateTime.UtcNow > end)
                throw new InvalidOperationException($"Redis takes no mail: {reason}.");
        return new Store(queue, metrics, await ConnectionMultiplexer.ConnectAsync(redis + ",allowAdmin=true"));
    }

    /// <summary>Octets of memory that its data takes.</summary>
    public async Task<long> MemoryAsync() => long.Parse(await InfoAsync("memory", "used_memory"), CultureInfo.InvariantCulture);

    /// <summary>Scripts run since it started: the round trips of everything but connecting.</summary>
    public async Task<long> RoundTripsAsync()
    {
        // "calls=123,usec=..."
        var stats = await InfoAsync("commandstats", "cmdstat_evalsha");
        return long.Parse(stats.Split('=', ',')[1], CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.CloseAsync();
        _connection.Dispose();
        await Queue.DisposeAsync();
        _metrics.Dispose();
    }

    private async Task<string> InfoAsync(string section, string field) =>
        (await _server.InfoAsync(section)).SelectMany(group => group).First(pair => pair.Key == field).Value;
}
