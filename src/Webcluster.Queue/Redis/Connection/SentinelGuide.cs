using StackExchange.Redis;

namespace Webcluster.Queue.Redis.Connection;

/// <summary>
/// Asks the Sentinels, in turn, where the primary is, and hears +switch-master from the one that answered last. A missed announcement is
/// made good by asking again now and then, which the caller does. Used by one loop.
/// </summary>
internal sealed class SentinelGuide(RedisLinkOptions options, TimeProvider time) : IAsyncDisposable
{
    private const string Announcement = "+switch-master";

    private readonly RedisConfiguration _configuration = new(options);
    private RedisConnection? _connection;
    private int _asking;
    private TaskCompletionSource _switched = NewSignal();

    /// <summary>Ends when another primary was announced since <see cref="FindAsync"/> was called last.</summary>
    public Task Switched => Volatile.Read(ref _switched).Task;

    /// <returns>host:port of the primary.</returns>
    /// <exception cref="RedisTroubleException">No Sentinel answers, or none knows the name.</exception>
    public async Task<string> FindAsync(CancellationToken cancellation)
    {
        Volatile.Write(ref _switched, NewSignal());
        RedisTroubleException? last = null;
        for (var tries = 0; tries < options.Sentinels.Count; tries++)
        {
            try
            {
                return await AskAsync(options.Sentinels[_asking], cancellation);
            }
            catch (RedisTroubleException trouble)
            {
                last = trouble;
            }
            await DisposeAsync();
            _asking = (_asking + 1) % options.Sentinels.Count;
        }
        throw new RedisTroubleException(RedisTroubleKind.Unavailable, mayHaveHappened: false,
            $"no Sentinel knows the primary \"{options.PrimaryName}\": {last!.Message}", last);
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is { } connection)
            await connection.DisposeAsync();
        _connection = null;
    }

    private async Task<string> AskAsync(string sentinel, CancellationToken cancellation)
    {
        try
        {
            if (_connection is not { IsConnected: true })
            {
                await DisposeAsync();
                _connection = await RedisConnection.OpenAsync(_configuration.ForSentinel(sentinel), RedisConnectionKind.Sentinel, time);
                await _connection.SubscribeAsync(Announcement, Hear).WaitAsync(options.CallTimeout, time, cancellation);
            }
            var primary = await _connection.PrimaryByNameAsync(options.PrimaryName).WaitAsync(options.CallTimeout, time, cancellation);
            return primary is null
                ? throw new RedisTroubleException(RedisTroubleKind.BadReply, mayHaveHappened: false, $"{sentinel} does not know it")
                : RedisConfiguration.Name(primary);
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
        {
            throw RedisTroubles.From(fault);
        }
    }

    // <name> <old host> <old port> <new host> <new port>
    private void Hear(RedisValue announced)
    {
        if (((string?)announced)?.StartsWith(options.PrimaryName + " ", StringComparison.Ordinal) is true)
            Volatile.Read(ref _switched).TrySetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
