using System.Collections.Concurrent;
using Webcluster.Delivery.Outcomes;
using Webcluster.Queue;
using Webcluster.Queue.Lanes;

namespace Webcluster.Delivery.Pump;

/// <summary>
/// Counts a lane's failures in a row and has the queue leave it alone for longer each time. Connections that fail together are one failure:
/// while a pause lasts, none is added. Bounded; a full memory forgets all.
/// </summary>
internal sealed class SiteHealth(IMailQueue queue, RetrySchedule schedule, TimeProvider time)
{
    private const int Most = 10_000;
    private const int MostFailures = 1_000;

    private readonly ConcurrentDictionary<LaneKey, Outage> _outages = new();

    public void Succeeded(LaneKey lane)
    {
        if (!_outages.IsEmpty) _outages.TryRemove(lane, out _);
    }

    /// <returns>How long the lane is left alone from now on.</returns>
    public async ValueTask<TimeSpan> FailedAsync(LaneKey lane, CancellationToken cancellation)
    {
        if (_outages.Count >= Most) _outages.Clear();
        var now = time.GetUtcNow();
        var outage = _outages.AddOrUpdate(lane, _ => Next(0, now), (_, known) => known.Until > now ? known : Next(known.Failures, now));
        var pause = outage.Until - now;
        await queue.PauseLaneAsync(lane, pause, cancellation);
        return pause;
    }

    private Outage Next(int failures, DateTimeOffset now)
    {
        failures = Math.Min(failures + 1, MostFailures);
        return new Outage(failures, now + schedule.SitePause(failures));
    }

    private readonly record struct Outage(int Failures, DateTimeOffset Until);
}
