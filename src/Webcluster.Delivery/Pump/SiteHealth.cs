using System.Collections.Concurrent;
using Webcluster.Delivery.Outcomes;
using Webcluster.Queue;
using Webcluster.Queue.Lanes;

namespace Webcluster.Delivery.Pump;

/// <summary>Counts a lane's failures in a row and has the queue leave it alone for longer each time. Bounded; a full memory forgets all.</summary>
internal sealed class SiteHealth(IMailQueue queue, RetrySchedule schedule)
{
    private const int Most = 10_000;

    private readonly ConcurrentDictionary<LaneKey, int> _failures = new();

    public void Succeeded(LaneKey lane)
    {
        if (!_failures.IsEmpty) _failures.TryRemove(lane, out _);
    }

    /// <returns>How long the lane is left alone.</returns>
    public async ValueTask<TimeSpan> FailedAsync(LaneKey lane, CancellationToken cancellation)
    {
        if (_failures.Count >= Most) _failures.Clear();
        var pause = schedule.SitePause(_failures.AddOrUpdate(lane, 1, (_, failures) => Math.Min(failures + 1, 1000)));
        await queue.PauseLaneAsync(lane, pause, cancellation);
        return pause;
    }
}
