using Webcluster.Delivery.Outcomes;
using Webcluster.Queue;
using Webcluster.Queue.Lanes;

namespace Webcluster.Delivery.Pump;

/// <summary>
/// Tells the queue of connections that came to nothing through their site. A site that is merely slow gets fewer sessions from all nodes;
/// where all of them failed, its lane is left alone, for longer each time.
/// </summary>
internal sealed class SiteHealth(IMailQueue queue, RetrySchedule schedule)
{
    /// <returns>How many sessions the lane may have now, and how long it is left alone; zero: not at all.</returns>
    public async ValueTask<(int Window, TimeSpan Pause)> FailedAsync(LaneKey lane, CancellationToken cancellation)
    {
        var trouble = await queue.TroubledAsync(lane, cancellation);
        if (trouble.Outages == 0) return (trouble.Window, TimeSpan.Zero);
        var pause = schedule.SitePause(trouble.Outages);
        await queue.PauseLaneAsync(lane, pause, cancellation);
        return (trouble.Window, pause);
    }
}
