using Webcluster.Queue;
using Webcluster.Queue.Events;
using Webcluster.Queue.Sessions;
using Webcluster.TestKit.Time;

namespace Webcluster.Node.Tests.Webhooks;

/// <summary>Feeds in memory, whose leases end by the clock. Safe for concurrent use.</summary>
internal sealed class FakeFeedStore(ManualClock clock) : IFeedStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Feed> _feeds = new(StringComparer.Ordinal);

    /// <summary>The store does not answer.</summary>
    public bool IsAway { get; set; }

    /// <summary>So many saves are stored, and their answers lost.</summary>
    public int LostAnswers { get; set; }

    public int Saves { get; private set; }

    /// <summary>Even while it is away.</summary>
    public byte[] StateOf(string feed)
    {
        lock (_lock) return _feeds.TryGetValue(feed, out var one) ? one.State : [];
    }

    /// <summary>As one node sees it.</summary>
    public NodeView For() => new(this);

    public ValueTask<FeedState?> HoldAsync(string feed, NodeId node, TimeSpan lease, CancellationToken cancellation)
    {
        lock (_lock)
        {
            var one = Reach(feed);
            if (!TryHold(one, node, lease)) return ValueTask.FromResult<FeedState?>(null);
            return ValueTask.FromResult<FeedState?>(new FeedState(one.State, [.. one.Wishes], node));
        }
    }

    public ValueTask<bool> SaveAsync(
        string feed, NodeId node, ReadOnlyMemory<byte> state, int wishes, TimeSpan lease, CancellationToken cancellation)
    {
        lock (_lock)
        {
            var one = Reach(feed);
            if (state.Length > 1024 * 1024) throw new ArgumentException("more than 1 MiB", nameof(state));
            if (!TryHold(one, node, lease)) return ValueTask.FromResult(false);
            one.State = state.ToArray();
            one.Wishes.RemoveRange(0, wishes);
            Saves++;
            if (LostAnswers == 0) return ValueTask.FromResult(true);
            LostAnswers--;
            throw new QueueUnavailableException("the answer is lost");
        }
    }

    public ValueTask LeaveAsync(string feed, NodeId node, CancellationToken cancellation)
    {
        lock (_lock)
        {
            var one = Reach(feed);
            if (one.Holder == node) one.Holder = null;
            return ValueTask.CompletedTask;
        }
    }

    public ValueTask<bool> WishAsync(string feed, string wish, CancellationToken cancellation)
    {
        lock (_lock)
        {
            var one = Reach(feed);
            if (one.Wishes.Count == 100) return ValueTask.FromResult(false);
            one.Wishes.Add(wish);
            return ValueTask.FromResult(true);
        }
    }

    public ValueTask<FeedState> ShowAsync(string feed, CancellationToken cancellation)
    {
        lock (_lock)
        {
            var one = Reach(feed);
            return ValueTask.FromResult(new FeedState(one.State, [.. one.Wishes], one.Until > clock.Now ? one.Holder : null));
        }
    }

    private Feed Reach(string feed)
    {
        if (IsAway) throw new QueueUnavailableException("the store is away");
        if (_feeds.TryGetValue(feed, out var one)) return one;
        return _feeds[feed] = new Feed();
    }

    private bool TryHold(Feed one, NodeId node, TimeSpan lease)
    {
        if (one.Holder is not null && one.Holder != node && one.Until > clock.Now) return false;
        (one.Holder, one.Until) = (node, clock.Now + lease);
        return true;
    }

    private sealed class Feed
    {
        public byte[] State { get; set; } = [];

        public List<string> Wishes { get; } = [];

        public NodeId? Holder { get; set; }

        public DateTimeOffset Until { get; set; }
    }

    /// <summary>The store of a node that can die: then nothing of it arrives any more.</summary>
    internal sealed class NodeView(FakeFeedStore store) : IFeedStore
    {
        public bool IsDead { get; set; }

        private IFeedStore Store => IsDead ? throw new QueueUnavailableException("the node is dead") : store;

        public ValueTask<FeedState?> HoldAsync(string feed, NodeId node, TimeSpan lease, CancellationToken cancellation) =>
            Store.HoldAsync(feed, node, lease, cancellation);

        public ValueTask<bool> SaveAsync(
            string feed, NodeId node, ReadOnlyMemory<byte> state, int wishes, TimeSpan lease, CancellationToken cancellation) =>
            Store.SaveAsync(feed, node, state, wishes, lease, cancellation);

        public ValueTask LeaveAsync(string feed, NodeId node, CancellationToken cancellation) =>
            Store.LeaveAsync(feed, node, cancellation);

        public ValueTask<bool> WishAsync(string feed, string wish, CancellationToken cancellation) =>
            Store.WishAsync(feed, wish, cancellation);

        public ValueTask<FeedState> ShowAsync(string feed, CancellationToken cancellation) => Store.ShowAsync(feed, cancellation);
    }
}
