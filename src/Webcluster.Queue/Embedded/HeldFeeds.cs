using Webcluster.Queue.Events;
using Webcluster.Queue.Sessions;

namespace Webcluster.Queue.Embedded;

/// <summary>Who holds which feed, and what is asked of the holder. There is one node, but its name may change with a restart. Safe for
/// concurrent use.</summary>
internal sealed class HeldFeeds
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (NodeId Node, DateTimeOffset Until)> _holders = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _wishes = new(StringComparer.Ordinal);

    public bool TryHold(string feed, NodeId node, TimeSpan lease, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (_holders.TryGetValue(feed, out var holder) && holder.Until > now && holder.Node != node)
                return false;
            _holders[feed] = (node, now + lease);
            return true;
        }
    }

    public void Leave(string feed, NodeId node)
    {
        lock (_lock)
            if (_holders.TryGetValue(feed, out var holder) && holder.Node == node)
                _holders.Remove(feed);
    }

    public NodeId? HolderOf(string feed, DateTimeOffset now)
    {
        lock (_lock)
            return _holders.TryGetValue(feed, out var holder) && holder.Until > now ? holder.Node : null;
    }

    public bool TryWish(string feed, string wish)
    {
        lock (_lock)
        {
            if (!_wishes.TryGetValue(feed, out var wishes))
                _wishes[feed] = wishes = [];
            if (wishes.Count >= FeedLimits.Wishes)
                return false;
            wishes.Add(wish);
            return true;
        }
    }

    public IReadOnlyList<string> WishesOf(string feed)
    {
        lock (_lock)
            return _wishes.TryGetValue(feed, out var wishes) ? [.. wishes] : [];
    }

    public void Done(string feed, int wishes)
    {
        lock (_lock)
            if (_wishes.TryGetValue(feed, out var all))
                all.RemoveRange(0, Math.Min(wishes, all.Count));
    }
}
