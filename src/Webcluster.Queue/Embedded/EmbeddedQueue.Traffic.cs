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
