using System.Collections.Concurrent;
using StackExchange.Redis;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Redis.Connection;
using Webcluster.Queue.Redis.Records;
using Webcluster.Queue.Redis.Shards;
using Webcluster.Queue.Sessions;

namespace Webcluster.Queue.Redis;

public sealed partial class RedisMailQueue
{
    private const int ReapedAtATime = 20;
    private const int SessionsAtATime = 1000;

    /// <summary>After so many calls each shard was looked at for sessions that had ended.</summary>
    private const int ForgottenTurns = 8;

    private int _tended;

    private long Expiry => StoreTime.Microseconds(_options.NodeExpiry);

    /// <summary>A session that cannot be released now is released by a later <see cref="TendAsync"/>.</summary>
    public async ValueTask ReleaseAsync(SessionId session, CancellationToken cancellation)
    {
        _own.Leave(session);
        try
        {
            await ReleaseNowAsync(session);
        }
        catch (RedisTroubleException)
        {
            // It stands among those that are left.
        }
    }

    /// <summary>A pause that cannot be stored is passed over: it only saves attempts.</summary>
    public async ValueTask PauseLaneAsync(LaneKey lane, TimeSpan pause, CancellationToken cancellation)
    {
        try
        {
            await _shards.Of(lane).RunAsync(_scripts.Pause, LaneCode.Encode(lane), StoreTime.Microseconds(pause));
        }
        catch (RedisTroubleException)
        {
            // The lane goes on.
        }
    }

    public async ValueTask<LaneTrouble> TroubledAsync(LaneKey lane, CancellationToken cancellation)
    {
        try
        {
            var reply = (await _shards.Of(lane).RunAsync(_scripts.Trouble, LaneCode.Encode(lane))).Items(least: 2);
            return new LaneTrouble((int)reply[0].Number(), (int)reply[1].Number());
        }
        catch (RedisTroubleException)
        {
            // It costs attempts; the heartbeat says so.
            return LaneTrouble.Unknown;
        }
    }

    public async ValueTask<IReadOnlyList<NodeId>> BeatAsync(NodeId node, CancellationToken cancellation)
    {
        var overdue = await OnAllAsync(shard => shard.RunAsync(_scripts.Beat, node.Value, Expiry), cancellation);
        return [.. overdue.SelectMany(names => names.Items()).Select(name => new NodeId(name.Text())).Distinct()];
    }

    public async ValueTask TendAsync(NodeId node, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            await ReleaseLeftAsync();
            await EndForgottenAsync(node, cancellation);
            await TrimEventsAsync();
        }
        catch (RedisTroubleException)
        {
            // The next comes soon.
        }
    }

    public async ValueTask LeaveAsync(NodeId node, CancellationToken cancellation)
    {
        await ReleaseLeftAsync();
        await OnAllAsync(shard => shard.RunAsync(_scripts.Leave, node.Value), cancellation);
    }

    public async ValueTask<int> ReapAsync(NodeId node, CancellationToken cancellation) =>
        (await OnAllAsync(shard => ReapAsync(shard, node, cancellation), cancellation)).Sum();

    private async Task<int> ReapAsync(Shard shard, NodeId node, CancellationToken cancellation)
    {
        for (var back = 0; ; cancellation.ThrowIfCancellationRequested())
        {
            var reply = (await shard.RunAsync(_scripts.Reap, node.Value, ReapedAtATime, Expiry)).Items(least: 2);
            back += (int)reply[0].Number();
            if (reply[1].Number() == 0)
                return back;
        }
    }

    private Task ReleaseLeftAsync() => Task.WhenAll(_own.Left.Select(session => ReleaseAsync(session, CancellationToken.None).AsTask()));

    private async Task ReleaseNowAsync(SessionId session)
    {
        var mark = _own.MayHaveSettled(session, _link.Generation) ? 1 : 0;
        await _shards.Of(session).RunAsync(_scripts.Release, mark, DeliveryCode.Encode(session));
        _own.Remove(session);
    }

    /// <summary>
    /// A store that took over from one it had not all of, or was put back, has sessions open that had ended. Their node lives, so nobody
    /// reaps them, and it has forgotten them. Looks at a part of the shards; all have had their turn after some calls.
    /// </summary>
    private async Task EndForgottenAsync(NodeId node, CancellationToken cancellation)
    {
        var turn = _tended++ % ForgottenTurns;
        var ended = new ConcurrentBag<(long Sessions, long Deliveries)>();
        try
        {
            await Task.WhenAll(_shards.All.Where(shard => shard.Number % ForgottenTurns == turn)
                .Select(shard => EndForgottenAsync(shard, node, ended, cancellation)));
        }
        finally
        {
            // Where there was none of them any more, they were only just released.
            if (ended.Sum(each => each.Sessions) is > 0 and var sessions)
                _logger.SessionsCameBack(sessions, ended.Sum(each => each.Deliveries));
        }
    }

    private async Task EndForgottenAsync(
        Shard shard, NodeId node, ConcurrentBag<(long Sessions, long Deliveries)> ended, CancellationToken cancellation)
    {
        RedisValue from = "0";
        do
        {
            cancellation.ThrowIfCancellationRequested();
            var reply = (await shard.RunAsync(_scripts.Sessions, node.Value, from, SessionsAtATime)).Items(least: 2);
            from = reply[0].Text();
            // Asked after the store was: one's own are known from before they are there until they are there no more.
            RedisValue[] forgotten = [.. reply[1].Items().Select(each => (RedisValue)each.Octets()).Where(IsForgotten)];
            foreach (var some in forgotten.Chunk(ReapedAtATime))
            {
                var counts = (await shard.RunAsync(_scripts.Release, [1, .. some])).Items(least: 2);
                ended.Add((counts[0].Number(), counts[1].Number()));
            }
        }
        while (from != "0");
    }

    private bool IsForgotten(RedisValue session) => DeliveryCode.DecodeSession((byte[])session!) is { } id && !_own.Knows(id);

    /// <exception cref="QueueUnavailableException">One of the shards does not answer.</exception>
    private async Task<T[]> OnAllAsync<T>(Func<Shard, Task<T>> ask, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            return await Task.WhenAll(_shards.All.Select(ask));
        }
        catch (RedisTroubleException trouble)
        {
            throw new QueueUnavailableException(trouble.Message, trouble);
        }
    }
}
