using Webcluster.Delivery.Traffic;
using Webcluster.Queue.Lanes;

namespace Webcluster.Delivery.Pump;

/// <summary>
/// Pools that this node has no usable source for: the queue need not name their lanes to it. When one is served again is found out here,
/// without asking the queue. The pump's loop alone uses it.
/// </summary>
internal sealed class UnservedPools(TrafficOffers offers, TimeProvider time)
{
    // Pools are configured, but mail of the past may name others.
    private const int Most = 100;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, LaneKey> _lanes = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Names => [.. _lanes.Keys];

    /// <summary>Can nothing of the lane leave from this node now? Then its pool is one of these from here on.</summary>
    public bool Includes(LaneKey lane)
    {
        if (IsServed(lane)) return false;
        if (_lanes.Count < Most) _lanes[lane.Pool] = lane;
        return true;
    }

    /// <summary>Waits until one of them is served again: a source came back, or its first day has begun.</summary>
    public async Task ServedAgainAsync(CancellationToken cancellation)
    {
        while (!_lanes.Values.Any(IsServed)) await Task.Delay(Interval, time, cancellation);
    }

    /// <summary>Forgets those that are served again.</summary>
    public void Forget()
    {
        foreach (var (pool, lane) in _lanes)
            if (IsServed(lane))
                _lanes.Remove(pool);
    }

    // What needs no connection needs no source.
    private bool IsServed(LaneKey lane) => offers.For(lane) is not { Sources.Count: 0 };
}
