using Webcluster.Queue.Traffic;

namespace Webcluster.Submission.Tests.Returns;

/// <summary>Notes what is asked of it.</summary>
internal sealed class FakeTraffic : ITrafficControl
{
    public List<(string Provider, string Source, Adjustment Adjustment)> Adjusted { get; } = [];

    public ValueTask<bool> AdjustAsync(string provider, string source, Adjustment adjustment, string reply, CancellationToken cancellation)
    {
        Adjusted.Add((provider, source, adjustment));
        return ValueTask.FromResult(false);
    }

    public ValueTask<IReadOnlyList<TrafficStatus>> TrafficAsync(string provider, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<WarmupState>> WarmupsAsync(string? provider, string? source, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public ValueTask<WarmupState> SetWarmupAsync(
        string provider, string source, WarmupPlan plan, int? step, CancellationToken cancellation) => throw new NotSupportedException();
}
