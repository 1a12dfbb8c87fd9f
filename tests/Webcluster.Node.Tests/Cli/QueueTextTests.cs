using Shouldly;
using Webcluster.Node.Cli;
using Webcluster.Node.Http;
using Webcluster.Queue;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Status;
using Xunit;

namespace Webcluster.Node.Tests.Cli;

public class QueueTextTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Of_FullQueueWithLanes_SaysWhyAndALaneALine()
    {
        var lane = new LaneStatus(new LaneKey("google", "mx.google.example", "default"), 5, 2, 1, 1, Noon, WaitReason.RateLimit, Held: 3);
        var going = new LaneStatus(new LaneKey("mx.example", "mx.example", "default"), 1, 0, 0, 0, null, null);
        var queue = new QueueView(
            false, EnqueueResult.Full, new QueueCounts(11, 6, 2, 1, 1000, 2, 1, Noon, Held: 3), [LaneView.Of(lane), LaneView.Of(going)]);

        QueueText.Of(queue).ShouldBe(
        [
            "no mail is taken now: full",
            "11 messages in 2 lanes: 6 ready, 2 scheduled, 1 under way, 3 held; the oldest ready since 2026-11-23 12:00:00Z",
            "google/mx.google.example|default\t5 ready\t2 scheduled\t1 under way\t3 held\t1 sessions\tnext due 2026-11-23 12:00:00Z\twaits: rate_limit",
            "mx.example|default\t1 ready\t0 scheduled\t0 under way\t0 held\t0 sessions",
        ]);
    }
}
