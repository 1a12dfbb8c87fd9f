using System.Net;
using StackExchange.Redis;

namespace Webcluster.Queue.Redis.Connection;

/// <summary>
/// One multiplexed connection to a server or to the nodes of a cluster, from being made until it is given up. Reports once, through
/// <see cref="Lost"/>, that it is of no more use.
/// </summary>
internal sealed class RedisConnection : IAsyncDisposable
{
    private readonly ConnectionMultiplexer _multiplexer;
    private readonly RedisConnectionKind _kind;
    private readonly Silence _silence;
    private readonly IDatabase _database;
    private readonly TaskCompletionSource _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RedisConnection(ConnectionMultiplexer multiplexer, RedisConnectionKind kind, TimeProvider time)
    {
        _multiplexer = multiplexer;
        _kind = kind;
        _silence = new Silence(kind, time);
        _database = multiplexer.GetDatabase();
        multiplexer.ConnectionFailed += (_, failure) => OnFailed(failure.ConnectionType);
        multiplexer.ConnectionRestored += (_, _) => Reconnected?.Invoke();
    }

    /// <summary>A server went away that may come back as another one.</summary>
    public Action? Interrupted { get; set; }

    /// <summary>Part of it was away and is back: publishes may have been missed.</summary>
    public Action? Reconnected { get; set; }

    /// <summary>Ends when another connection should be made in the place of this one.</summary>
    public Task Lost => _lost.Task;

    /// <summary>Not given up.</summary>
    public bool IsUsable => !_lost.Task.IsCompleted;

    public bool IsConnected => IsUsable && _multiplexer.IsConnected;

    /// <exception cref="RedisTroubleException">Nobody answers there, or not to us.</exception>
    public static async Task<RedisConnection> OpenAsync(ConfigurationOptions configuration, RedisConnectionKind kind, TimeProvider time)
    {
        ConnectionMultiplexer multiplexer;
        var log = new StringWriter();
        try
        {
            // On a thread of the pool: what comes before the first await of the library may block.
            multiplexer = await Task.Run(() => ConnectionMultiplexer.ConnectAsync(configuration, log));
        }
        catch (Exception fault)
        {
            throw RedisTroubles.From(fault);
        }
        multiplexer.PreserveAsyncOrder = false;
        if (multiplexer.IsConnected)
            return new RedisConnection(multiplexer, kind, time);
        await CloseAsync(multiplexer);
        throw RedisTroubles.Unconnected(string.Join(", ", configuration.EndPoints.Select(RedisConfiguration.Name)), log.ToString());
    }

    // Scripts are EVALSHA, or EVAL where the server does not know them; never the library's own idea of what servers know.
    public Task<RedisResult> EvaluateAsync(byte[] sha1, RedisKey[] keys, RedisValue[] arguments) =>
        _database.ScriptEvaluateAsync(sha1, keys, arguments, CommandFlags.DemandMaster);

    public Task<RedisResult> EvaluateAsync(string text, RedisKey[] keys, RedisValue[] arguments) =>
        _database.ExecuteAsync("EVAL", [text, keys.Length, .. keys.Cast<object>(), .. arguments.Cast<object>()], CommandFlags.DemandMaster);

    public Task<RedisValue> GetAsync(RedisKey key) => _database.StringGetAsync(key, CommandFlags.DemandMaster);

    public Task<bool> SetAsync(RedisKey key, RedisValue value) => _database.StringSetAsync(key, value, flags: CommandFlags.DemandMaster);

    public Task SubscribeAsync(string channel, Action<RedisValue> heard) => _multiplexer.GetSubscriber().SubscribeAsync(
        new RedisChannel(channel, RedisChannel.PatternMode.Literal), (_, value) => heard(value));

    public IReadOnlyList<EndPoint> Points() => _multiplexer.GetEndPoints();

    /// <summary>The server that has a key.</summary>
    public Task<EndPoint> HolderAsync(RedisKey key) => _database.IdentifyEndpointAsync(key, CommandFlags.DemandMaster);

    public Task<string> InfoAsync(EndPoint point) => _multiplexer.GetServer(point).InfoRawAsync();

    public Task<KeyValuePair<string, string>[]> ConfigAsync(EndPoint point, string pattern) =>
        _multiplexer.GetServer(point).ConfigGetAsync(pattern);

    public async Task<bool> RewriteAsync(EndPoint point)
    {
        await _multiplexer.GetServer(point).SaveAsync(SaveType.BackgroundRewriteAppendOnlyFile);
        return true;
    }

    /// <returns>Null where the Sentinel does not know the name.</returns>
    public Task<EndPoint> PrimaryByNameAsync(string name) =>
        _multiplexer.GetServer(_multiplexer.GetEndPoints()[0]).SentinelGetMasterAddressByNameAsync(name);

    public void Answered() => _silence.Answered();

    public void Note(RedisTroubleKind trouble)
    {
        if (_silence.Note(trouble))
            _lost.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        _lost.TrySetResult();
        await CloseAsync(_multiplexer);
    }

    private static async Task CloseAsync(ConnectionMultiplexer multiplexer)
    {
        await Task.Run(() => multiplexer.CloseAsync(allowCommandsToComplete: false)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.Run(multiplexer.Dispose).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // In a cluster one node of several is away: the library follows the others and tries that one again.
    private void OnFailed(ConnectionType type)
    {
        if (type is not ConnectionType.Interactive)
            return;
        Interrupted?.Invoke();
        if (_kind is not RedisConnectionKind.Cluster || !_multiplexer.IsConnected)
            _lost.TrySetResult();
    }
}
