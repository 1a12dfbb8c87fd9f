using Webcluster.Queue.Events;
using Webcluster.Queue.Traffic;

namespace Webcluster.Queue.Embedded;

public sealed partial class EmbeddedQueue
{
    public async ValueTask<bool> AdjustAsync(
        string provider, string source, Adjustment adjustment, string reply, CancellationToken cancellation)
    {
        lock (_index.Gate)
            if (!_index.Adjust(provider, source, adjustment, reply))
                return false;
        _metrics.Adjusted(adjustment);
        await AppendAsync([QueueEvents.Adjusted(provider, source, adjustment, reply, (_time.GetUtcNow(), _events.Node))], cancellation);
        return true;
    }

    public ValueTask<IReadOnlyList<TrafficStatus>> TrafficAsync(string provider, CancellationToken cancellation)
    {
        lock (_index.Gate)
            return ValueTask.FromResult(_index.TrafficOf(provider));
    }

    public ValueTask<IReadOnlyList<WarmupState>> WarmupsAsync(string? provider, string? source, CancellationToken cancellation)
    {
        lock (_index.Gate)
            return ValueTask.FromResult(_index.Warmups(provider, source));
    }

    public ValueTask<WarmupState> SetWarmupAsync(
        string provider, string source, WarmupPlan plan, int? step, CancellationToken cancellation)
    {
        plan.ThrowIfNoStep(step);
        WarmupState state;
        lock (_index.Gate)
            state = _index.SetWarmup(provider, source, plan, step);
        // The next batch takes it along; this makes one.
        _writer.Probe();
        _metrics.WarmupSet();
        return ValueTask.FromResult(state);
    }
}
