using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using Webcluster.Queue.Redis.Scripts;

namespace Webcluster.Queue.Redis.Connection;

/// <summary>
/// The way to a Redis: everything the queue asks of it goes through here. Calls are bounded in time, fail at once while there is no
/// connection, and never block the caller's thread. The connection is made again by <see cref="RedisLinkKeeper"/>. Safe for concurrent use.
/// </summary>
internal sealed class RedisLink : IAsyncDisposable
{
    private readonly RedisLinkKeeper _keeper;
    private readonly QueueMetrics _metrics;
    private readonly TimeProvider _time;
    private long _carried;

    private RedisLink(RedisLinkOptions options, QueueMetrics metrics, TimeProvider time, ILogger logger)
    {
        _metrics = metrics;
        _time = time;
        Options = options;
        _keeper = new RedisLinkKeeper(options, time, logger);
    }

    public RedisLinkOptions Options { get; }

    /// <summary>
    /// The connection came back, or leads elsewhere now: publishes may have been missed. Set once, before it matters; must not block.
    /// </summary>
    public Action? Restored
    {
        get => _keeper.Restored;
        set => _keeper.Restored = value;
    }

    /// <summary>Grows whenever the server at the other end may have become another one, before anything is asked of that.</summary>
    public long Generation => _keeper.Generation;

    /// <summary>Ends when the connection comes back or leads elsewhere the next time.</summary>
    public Task Reached => _keeper.Reached;

    public bool IsUp => _keeper.Current is { IsConnected: true };

    /// <summary>Connects within the time a connection may take. Where that fails the link is down, and goes on trying.</summary>
    /// <exception cref="ArgumentException">The options have problems.</exception>
    public static async Task<RedisLink> ConnectAsync(
        RedisLinkOptions options, QueueMetrics metrics, TimeProvider time, ILogger logger, CancellationToken cancellation)
    {
        if (options.Problems().FirstOrDefault() is { Key: not null } problem)
            throw new ArgumentException($"{problem.Key}: {problem.Problem}", nameof(options));
        var link = new RedisLink(options, metrics, time, logger);
        await link._keeper.StartAsync(cancellation);
        return link;
    }

    /// <summary>Runs a script where its keys are.</summary>
    /// <param name="octets">Of content among the arguments.</param>
    /// <exception cref="RedisTroubleException">Whatever went wrong.</exception>
    public async Task<RedisResult> RunAsync(RedisScript script, RedisKey[] keys, RedisValue[] arguments, long octets = 0)
    {
        var began = _time.GetTimestamp();
        var result = await CallAsync(connection => EvaluateAsync(connection, script, keys, arguments), octets);
        _metrics.ScriptRan(script.Name, _time.GetElapsedTime(began));
        return result;
    }

    /// <exception cref="RedisTroubleException">Whatever went wrong.</exception>
    public Task<RedisValue> GetAsync(RedisKey key) => CallAsync(connection => connection.GetAsync(key));

    /// <exception cref="RedisTroubleException">Whatever went wrong.</exception>
    public Task SetAsync(RedisKey key, RedisValue value) => CallAsync(connection => connection.SetAsync(key, value));

    /// <summary>All servers, replicas of a cluster too; none while there is no connection.</summary>
    public IReadOnlyList<RedisServer> Servers() =>
        [.. (_keeper.Current?.Points() ?? []).Select(point => new RedisServer(this, point))];

    /// <summary>The server that has a key.</summary>
    /// <exception cref="RedisTroubleException">Whatever went wrong.</exception>
    public async Task<RedisServer> HolderAsync(RedisKey key) =>
        new(this, await CallAsync(connection => connection.HolderAsync(key)));

    /// <summary>Hears a channel from now on, over every reconnect. What is published while there is no connection is not heard.</summary>
    /// <param name="heard">Must not block nor throw; called from several threads.</param>
    public Task SubscribeAsync(string channel, Action<RedisValue> heard) => _keeper.SubscribeAsync(channel, heard);

    public ValueTask DisposeAsync() => _keeper.DisposeAsync();

    /// <summary>
    /// One bounded call on the connection of the moment, its trouble in our words. What waits behind content on its way has time for that
    /// too: it does not fail, nor makes the connection look dead, because somebody's mail is large.
    /// </summary>
    internal async Task<T> CallAsync<T>(Func<RedisConnection, Task<T>> call, long octets = 0)
    {
        var connection = _keeper.Current;
        var bound = Options.TimeFor(Interlocked.Add(ref _carried, octets));
        try
        {
            // A connection given up may take a moment to go: nothing more is asked of it.
            if (connection is not { IsUsable: true })
                throw new RedisTroubleException(RedisTroubleKind.Unavailable, mayHaveHappened: false, _keeper.WhyDown);
            var result = await call(connection).WaitAsync(bound, _time);
            connection.Answered();
            return result;
        }
        catch (Exception fault)
        {
            var trouble = RedisTroubles.From(fault);
            _metrics.RedisTrouble(trouble.Kind);
            connection?.Note(trouble.Kind);
            throw trouble;
        }
        finally
        {
            Interlocked.Add(ref _carried, -octets);
            _metrics.RedisRoundTrip();
        }
    }

    private static async Task<RedisResult> EvaluateAsync(
        RedisConnection connection, RedisScript script, RedisKey[] keys, RedisValue[] arguments)
    {
        try
        {
            return await connection.EvaluateAsync(script.Sha1, keys, arguments);
        }
        catch (RedisServerException fault) when (RedisErrorReply.IsNoScript(fault.Message))
        {
            return await connection.EvaluateAsync(script.Text, keys, arguments);
        }
    }
}
