using StackExchange.Redis;
using Webcluster.Queue.Events;
using Webcluster.Queue.Redis.Connection;
using Webcluster.Queue.Redis.Records;
using Webcluster.Queue.Sessions;

namespace Webcluster.Queue.Redis;

/// <summary>Feeds are on the first shard.</summary>
public sealed partial class RedisMailQueue
{
    public async ValueTask<FeedState?> HoldAsync(string feed, NodeId node, TimeSpan lease, CancellationToken cancellation)
    {
        var reply = await FeedAsync(feed, cancellation, "hold", node.Value, StoreTime.Microseconds(lease));
        return reply.Items() is { Length: > 0 } state ? Feed(state) : null;
    }

    public async ValueTask<bool> SaveAsync(
        string feed, NodeId node, ReadOnlyMemory<byte> state, int wishes, TimeSpan lease, CancellationToken cancellation)
    {
        FeedLimits.Check(state);
        var reply = await FeedAsync(feed, cancellation, "save", node.Value, StoreTime.Microseconds(lease), state.ToArray(), wishes);
        return reply.Number() == 1;
    }

    public async ValueTask LeaveAsync(string feed, NodeId node, CancellationToken cancellation) =>
        await FeedAsync(feed, cancellation, "leave", node.Value);

    public async ValueTask<bool> WishAsync(string feed, string wish, CancellationToken cancellation) =>
        (await FeedAsync(feed, cancellation, "wish", wish, FeedLimits.Wishes)).Number() == 1;

    public async ValueTask<FeedState> ShowAsync(string feed, CancellationToken cancellation) =>
        Feed((await FeedAsync(feed, cancellation, "show")).Items());

    private static FeedState Feed(RedisResult[] reply) => reply.Length < 2
        ? throw Reply.Bad("a feed that cannot be read")
        : new FeedState(
            reply[0].Octets(), [.. reply.Skip(2).Select(wish => wish.Text())],
            reply[1].Text() is { Length: > 0 } holder ? new NodeId(holder) : null);

    private Task<RedisResult> FeedAsync(string feed, CancellationToken cancellation, params RedisValue[] arguments)
    {
        cancellation.ThrowIfCancellationRequested();
        return AskAsync(_shards.All[0], _scripts.Feed, [feed, .. arguments]);
    }
}
