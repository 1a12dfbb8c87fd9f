using Webcluster.Queue.Redis.Connection;

namespace Webcluster.Queue.Redis.Durability;

/// <summary>
/// Waits until replicas have everything a primary has written before now. WAIT counts what was written on its own connection, so it writes
/// a key first: the stream to replicas has one order, and who has acknowledged that key has all before it. In a cluster it writes one of
/// each shard that is asked for, because a server refuses what is not its own any more. Used by one caller at a time.
/// </summary>
/// <param name="elsewhere">Called where the server has one of the shards no more. Must not throw.</param>
internal sealed class ReplicaFence(RedisLinkOptions link, DurabilityOptions options, string server, Action elsewhere) : IAsyncDisposable
{
    private RespSocket? _socket;
    private bool _hasWaitAof = true;
    private long _passed;

    /// <param name="shards">Those that are asked for; at least one.</param>
    /// <returns>Whether as many replicas as asked for have acknowledged in time; false where that is not known, or the server does not have
    /// all of the shards.</returns>
    public async Task<bool> PassAsync(IReadOnlyCollection<int> shards, CancellationToken cancellation)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        // The server answers after its time-out with the count it has; beyond that it is gone.
        bound.CancelAfter(options.ReplicaTimeout + link.CallTimeout);
        try
        {
            _socket ??= await RespSocket.OpenAsync(link, server, bound.Token);
            // The keys need not be durable: only their place in the stream counts.
            var pass = $"{++_passed}";
            var keys = shards.Take(link.Cluster ? shards.Count : 1).Select(DurabilityKeys.Fence);
            await _socket.AskAsync(keys.Select(key => (string[])["SET", key, pass]), bound.Token);
            return await WaitAsync(_socket, bound.Token);
        }
        catch (RedisTroubleException trouble)
        {
            if (trouble.Kind is RedisTroubleKind.ClusterDown)
                elsewhere();
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
                return IsEnough(await socket.AskAsync([["WAITAOF", "1", replicas, patience]], cancellation));
            }
            catch (RedisTroubleException trouble) when (trouble.Message.Contains("unknown command", StringComparison.OrdinalIgnoreCase))
            {
                // Before Redis 7.2. An error answer leaves the connection as it was.
                _hasWaitAof = false;
            }
        }
        return IsEnough(await socket.AskAsync([["WAIT", replicas, patience]], cancellation));
    }

    // WAIT: replicas. WAITAOF: the server itself, replicas. Neither fails when its time is over: it counts fewer.
    private bool IsEnough(RespAnswer answer) => answer.Numbers switch
    {
        [var replicas] => replicas >= options.Replicas,
        [var local, var replicas] => local >= 1 && replicas >= options.Replicas,
        _ => false,
    };
}
