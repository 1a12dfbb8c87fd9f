namespace Webcluster.Queue.Embedded.Traffic;

/// <summary>What outlives the process of the traffic from one source to one provider. Times are microseconds since 1970.</summary>
/// <param name="SuspendedUntil">0: it is not.</param>
/// <param name="Reply">The last that changed something; empty: none is known.</param>
internal readonly record struct TrafficRow(
    string Provider, string Source, long SuspendedUntil, string Reply, long ChangedAt, WarmupProgress? Warmup, long UsedAt)
{
    /// <summary>There is something to keep.</summary>
    public bool IsWorthKeeping => SuspendedUntil > 0 || Warmup is not null;
}
