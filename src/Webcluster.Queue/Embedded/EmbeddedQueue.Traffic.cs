using Webcluster.Queue.Traffic;

namespace Webcluster.Queue.Embedded;

public sealed partial class EmbeddedQueue
{
    public ValueTask<bool> AdjustAsync(string provider, string source, Adjustment adjustment, string reply, CancellationToken cancellation)
    {
        bool changed;
        lock (_index.Gate)
            changed = _index.Adjust(provider, source, adjustment, reply);
        if (changed)
            _metrics.Adjusted(adjustment);
        return ValueTask.FromResult(changed);
    }

    public ValueTask<IReadOnlyList<TrafficStatus>> TrafficAsync(string provider, CancellationToken cancellation)
    {
        lock (_index.Gate)
            return ValueTask.FromResult(_index.TrafficOf(provider));
    }
}
