using Webcluster.Queue.Lanes;
using Webcluster.Queue.Redis.Connection;
using Webcluster.Queue.Redis.Records;
using Webcluster.Queue.Redis.Shards;
using Webcluster.Queue.Sessions;

namespace Webcluster.Queue.Redis;

public sealed partial class RedisMailQueue
{
    private const int ReapedAtATime = 20;

    /// <summary>A session that cannot be released now is released by a later <see cref="TendAsync"/>.</summary>
    public async ValueTask ReleaseAsync(SessionId session, CancellationToken cancellation)
    {
        _left.Add(session);
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
        var expiry = StoreTime.Microseconds(_options.NodeExpiry);
        var overdue = await OnAllAsync(shard => shard.RunAsync(_scripts.Beat, node.Value, expiry), cancellation);
        return [.. overdue.SelectMany(names => names.Items()).Select(name => new NodeId(name.Text())).Distinct()];
    }

    public async ValueTask TendAsync(NodeId node, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            await ReleaseLeftAsync();
            await TrimEventsAsync();
        }
        catch (RedisTroubleException)
        {
            // The next comes soon.
        }
    }

    public async ValueTask<int> ReapAsync(NodeId node, CancellationToken cancellation) =>
        (await OnAllAsync(shard => ReapAsync(shard, node, cancellation), cancellation)).Sum();

    private async Task<int> ReapAsync(Shard shard, NodeId node, CancellationToken cancellation)
    {
        for (var back = 0; ; cancellation.ThrowIfCancellationRequested())
        {
            var reply = (await shard.RunAsync(_scripts.Reap, node.Value, ReapedAtATime)).Items(least: 2);
            back += (int)reply[0].Number();
            if (reply[1].Number() == 0)
                return back;
        }
    }

    private Task ReleaseLeftAsync() => Task.WhenAll(_left.All.Select(session => ReleaseAsync(session, CancellationToken.None).AsTask()));

    private async Task ReleaseNowAsync(SessionId session)
    {
        await _shards.Of(session).RunAsync(_scripts.Release, DeliveryCode.Encode(session));
        _left.Remove(session);
    }

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
