using Shouldly;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Traffic;
using Xunit;

namespace Webcluster.Queue.Tests.Traffic;

public abstract partial class TrafficContract
{
    /// <summary>
    /// Three nodes do at random what nodes do; they hear of lanes from the queue alone. No limit is ever broken, and in the end everything
    /// was given: no lane is forgotten among those that wait.
    /// </summary>
    [ContractTheory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task RandomRun_LimitsAreHeldAndNoLaneIsForgotten(int seed)
    {
        var run = new Random(seed);
        var limits = new TrafficLimits { Connections = 4, ConnectionRate = Rate.Parse("5/s,burst=2"), Messages = Rate.Parse("20/s,burst=5") };
        var offers = new Dictionary<string, TrafficOffer>
        {
            ["main"] = Within(limits, Source("a", 2, Connections(2)), Source("b", 1, Messages("3/s,burst=2"))),
            ["bulk"] = Within(limits, Source("c", 1, Connections(1)), Source("b", 3, Messages("3/s,burst=2"))),
        };
        var lanes = Enumerable.Range(0, 16).Select(i => Lane(i % 8, i < 8 ? "main" : "bulk")).ToArray();
        foreach (var lane in lanes)
            await FillAsync(lane, 12);
        var (open, given, began) = (new List<(LaneKey Lane, ClaimResult.Granted Claim, NodeId Node)>(), 0, Now);

        for (var turn = 0; given < 16 * 12 && turn < 5000; turn++)
        {
            var isOpening = await NextOrNullAsync() is { } next && await TryNextAsync(next);
            if (open.Count > 0 && (!isOpening || run.Next(3) == 0))
                await GoOnAsync(run.Next(open.Count));
            if (!isOpening && run.Next(2) == 0)
                Time.Advance(TimeSpan.FromMilliseconds(run.Next(1, 300)));
            if (run.Next(40) == 0)
                await AdjustAsync("b", new Adjustment.Suspend(TimeSpan.FromSeconds(run.Next(1, 5))), "big");
            if (run.Next(60) == 0)
                await PauseAsync(lanes[run.Next(lanes.Length)]);
            given.ShouldBeLessThanOrEqualTo(5 + (int)(20 * (Now - began).TotalSeconds), $"turn {turn}");
            open.Count.ShouldBeLessThanOrEqualTo(4);
            open.Count(session => session.Claim.Source == "c").ShouldBeLessThanOrEqualTo(1);
        }

        given.ShouldBe(16 * 12);

        async Task<bool> TryNextAsync(LaneKey lane)
        {
            var node = Nodes[run.Next(3)];
            if (await TryAsync(lane, offers[lane.Pool], run.Next(1, 4), node: node) is not ClaimResult.Granted granted)
                return await ExtendIdleAsync(lane);
            given += granted.Deliveries.Count;
            open.Add((lane, granted, node));
            await SentAsync(granted, release: false);
            return true;
        }

        // As the pump does: an idle session of the lane goes first.
        async Task<bool> ExtendIdleAsync(LaneKey lane)
        {
            var at = open.FindIndex(session => session.Lane == lane);
            if (at >= 0)
                await GoOnAsync(at);
            return at >= 0;
        }

        async Task GoOnAsync(int at)
        {
            var (lane, claim, node) = open[at];
            var more = run.Next(2) == 0 ? await TryAsync(lane, offers[lane.Pool], run.Next(1, 4), claim.Session, node) : null;
            if (more is ClaimResult.Granted granted)
            {
                given += granted.Deliveries.Count;
                await SentAsync(granted, release: false);
                return;
            }
            if (more is ClaimResult.NotNow { Reason: WaitReason.NothingDue or WaitReason.RateLimit } && run.Next(2) == 0)
                return;
            open.RemoveAt(at);
            await ReleaseAsync(claim);
        }

        async Task PauseAsync(LaneKey lane) =>
            await Queue.PauseLaneAsync(lane, TimeSpan.FromMilliseconds(run.Next(0, 3000)), CancellationToken.None);
    }
}
