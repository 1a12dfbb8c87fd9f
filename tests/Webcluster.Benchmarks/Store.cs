using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;
using Webcluster.Queue;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Redis;
using Webcluster.Queue.Redis.Connection;

namespace Webcluster.Benchmarks;

/// <summary>A queue in a Redis, and what that Redis says of itself.</summary>
internal sealed class Store : IAsyncDisposable
{
    private const int Writers = 64;
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

    public static async Task<Store> OpenAsync(string redis, CancellationToken cancellation)
    {
        var metrics = new QueueMetrics();
        var options = new RedisQueueOptions { Link = new RedisLinkOptions { Servers = [redis], CallTimeout = TimeSpan.FromSeconds(20) } };
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

    public async Task FillAsync(int count, Func<int, DateTimeOffset, NewMessage> message, CancellationToken cancellation)
    {
        var (next, began) = (-1, Stopwatch.GetTimestamp());
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => WriteAsync()));
        Console.WriteLine($"filled with {count} in {Stopwatch.GetElapsedTime(began).TotalSeconds:F0} s");

        async Task WriteAsync()
        {
            for (int index; (index = Interlocked.Increment(ref next)) < count;)
                await StoreAsync(message(index, DateTimeOffset.UtcNow), cancellation);
        }
    }

    public async Task StoreAsync(NewMessage message, CancellationToken cancellation)
    {
        if (await Queue.EnqueueAsync(message, cancellation) is var result and not EnqueueResult.Stored)
            throw new InvalidOperationException($"A mail was not stored: {result}.");
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
