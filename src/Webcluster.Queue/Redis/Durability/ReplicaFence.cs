using Webcluster.Queue.Redis.Connection;

namespace Webcluster.Queue.Redis.Durability;

/// <summary>
/// Waits until replicas have everything a primary has written before now. WAIT counts what was written on its own connection, so it writes
/// a key first: the stream to replicas has one order, and who has acknowledged that key has all before it. Used by one caller at a time.
/// </summary>
/// <param name="shard">Any shard whose keys the server has.</param>
internal sealed class ReplicaFence(RedisLinkOptions link, DurabilityOptions options, string server, int shard) : IAsyncDisposable
{
    private RespSocket? _socket;
    private bool _hasWaitAof = true;
    private long _passed;

    /// <returns>Whether as many replicas as asked for have acknowledged in time; false where that is not known.</returns>
    public async Task<bool> PassAsync(CancellationToken cancellation)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        // The server answers after its time-out with the count it has; beyond that it is gone.
        bound.CancelAfter(options.ReplicaTimeout + link.CallTimeout);
        try
        {
            _socket ??= await RespSocket.OpenAsync(link, server, bound.Token);
            // The key need not be durable: only its place in the stream counts.
            await _socket.AskAsync(["SET", DurabilityKeys.Fence(shard), $"{++_passed}"], bound.Token);
            return await WaitAsync(_socket, bound.Token);
        }
        catch (RedisTroubleException)
        {
            await DisposeAsync();
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_socket is { } socket)
            await socket.DisposeAsync();
        _socket = null;
    }

    private async Task<bool> WaitAsync(RespSocket socket, CancellationToken cancellation)
    {
        var (replicas, patience) = ($"{options.Replicas}", $"{(long)options.ReplicaTimeout.TotalMilliseconds}");
        if (_hasWaitAof)
        {
            try
            {
                return IsEnough(await socket.AskAsync(["WAITAOF", "1", replicas, patience], cancellation));
            }
            catch (RedisTroubleException trouble) when (trouble.Message.Contains("unknown command", StringComparison.OrdinalIgnoreCase))
            {
                // Before Redis 7.2. An error answer leaves the connection as it was.
                _hasWaitAof = false;
            }
        }
        return IsEnough(await socket.AskAsync(["WAIT", replicas, patience], cancellation));
    }

    // WAIT: replicas. WAITAOF: the server itself, replicas. Neither fails when its time is over: it counts fewer.
    private bool IsEnough(RespAnswer answer) => answer.Numbers switch
    {
        [var replicas] => replicas >= options.Replicas,
        [var local, var replicas] => local >= 1 && replicas >= options.Replicas,
        _ => false,
    };
}
