using Shouldly;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Settling;
using Webcluster.Queue.Traffic;
using Xunit;
using static Webcluster.Queue.Tests.QueueSamples;

namespace Webcluster.Queue.Tests.Traffic;

public abstract partial class TrafficContract
{
    [ContractFact]
    public async Task NextLanes_ProviderGivesNothing_NamesTheLaneWhenItDoes()
    {
        var offer = Within(Messages("1/min,burst=1"));
        await FillAsync(Google, 3);
        await ReleaseAsync(await GrantedAsync(Google, offer));
        await RefusedAsync(Google, offer, WaitReason.RateLimit, Now.AddMinutes(1));
        var next = await NothingNextAsync();

        Time.Advance(TimeSpan.FromSeconds(59));
        next.IsCompleted.ShouldBeFalse();
        Time.Advance(TimeSpan.FromSeconds(1));

        (await next.SoonAsync()).ShouldBe([Google]);
    }

    [ContractFact]
    public async Task NextLanes_LanesThatWaitForASession_NamesTheEarliestDueWhenOneEnds()
    {
        var offer = Within(Connections(1));
        var open = await OpenAndLetWaitAsync(offer, Lane(1), Lane(3), Lane(2));
        var next = await NothingNextAsync();

        await SentAsync(open);

        (await next.SoonAsync()).ShouldBe([Lane(3)]);
        var second = await GrantedAsync(Lane(3), offer);
        (await Queue.NextAsync().SoonAsync()).ShouldBe([Lane(2)]);
        await RefusedAsync(Lane(2), offer, WaitReason.ConnectionLimit);
        await NothingNextAsync();
        await ReleaseAsync(second);
    }

    [ContractFact]
    public async Task Reap_NodeWithSessions_FreesItsSlots()
    {
        var offer = From(Source("a", limits: Connections(1)));
        var open = await OpenAndLetWaitAsync(offer, Lane(1), Lane(2));
        open.Source.ShouldBe("a");

        await ReapAsync(NodeA);

        (await Queue.NextAsync().SoonAsync()).ShouldContain(Lane(2));
        await GrantedAsync(Lane(2), offer, node: NodeB);
        await RefusedAsync(Lane(1), offer, WaitReason.ConnectionLimit);
        (await StatusAsync("a", "big")).Connections.ShouldBe(1);
    }

    [ContractFact]
    public async Task NextLanes_ClaimOfTheOneLetGoFindsNothing_NamesTheNext()
    {
        var offer = Within(Connections(1));
        var open = await OpenAndLetWaitAsync(offer, Lane(1), Lane(2), Lane(3));
        await SentAsync(open);
        (await Queue.NextAsync().SoonAsync()).ShouldBe([Lane(2)]);

        await Queue.PauseLaneAsync(Lane(2), TimeSpan.FromHours(1), CancellationToken.None);
        await RefusedAsync(Lane(2), offer, WaitReason.LanePaused, Now.AddHours(1));

        (await Queue.NextAsync().SoonAsync()).ShouldBe([Lane(3)]);
    }

    [ContractFact]
    public async Task NextLanes_OneThatWasLetGoIsNotClaimed_NamesTheNextASecondLater()
    {
        var offer = Within(Messages("1/min,burst=1"));
        await SentAsync(await OpenAndLetWaitAsync(offer, Lane(1), Lane(2), Lane(3)));
        await RefusedAsync(Lane(2), offer, WaitReason.RateLimit, Now.AddMinutes(1));
        Time.Advance(TimeSpan.FromMinutes(1));
        (await Queue.NextAsync().SoonAsync()).ShouldBe([Lane(2)]);
        await Queue.PauseLaneAsync(Lane(2), TimeSpan.FromHours(1), CancellationToken.None);
        var next = await NothingNextAsync();

        Time.Advance(TimeSpan.FromSeconds(1));

        (await next.SoonAsync()).ShouldBe([Lane(3)]);
    }

    [ContractFact]
    public async Task NextLanes_OneThatWasLetGoForASlotIsNotClaimed_NamesTheNextASecondLater()
    {
        await SentAsync(await OpenAndLetWaitAsync(Within(Connections(1)), Lane(1), Lane(2), Lane(3)));
        (await Queue.NextAsync().SoonAsync()).ShouldBe([Lane(2)]);
        await Queue.PauseLaneAsync(Lane(2), TimeSpan.FromHours(1), CancellationToken.None);
        var next = await NothingNextAsync();

        Time.Advance(TimeSpan.FromSeconds(1));

        (await next.SoonAsync()).ShouldBe([Lane(3)]);
    }

    [ContractFact]
    public async Task NextLanes_TheOneLetGoHasOnlyLaterMail_NamesTheNext()
    {
        var offer = Within(Connections(1));
        var due = await Queue.StoreAsync(Message(Now, To(Lane(2))));
        await Queue.StoreAsync(Message(Now, To(Lane(2))) with { NotBefore = Now.AddHours(2) });
        Time.Advance(TimeSpan.FromMilliseconds(1));
        await FillAsync(Lane(3), 1);
        await FillAsync(Lane(1), 1);
        var open = await GrantedAsync(Lane(1), offer);
        await RefusedAsync(Lane(2), offer, WaitReason.ConnectionLimit);
        await RefusedAsync(Lane(3), offer, WaitReason.ConnectionLimit);
        await Queue.SettleAsync(open.Session, new Settlement.Done(due.Delivery(), Sent: true));

        await SentAsync(open);

        (await Queue.NextAsync().SoonAsync()).ShouldBe([Lane(3)]);
    }

    [ContractFact]
    public async Task NextLanes_LaneWithAnIdleSession_DoesNotWaitForConnections()
    {
        var offer = From(Source("a", limits: Connections(1)));
        await FillAsync(Google, 1);
        var idle = await GrantedAsync(Google, offer);
        await RefusedAsync(Google, offer, WaitReason.NothingDue, session: idle.Session);
        await FillAsync(Google, 1);
        (await TryAsync(Google, offer)).ShouldBeOfType<ClaimResult.NotNow>().Reason.ShouldBe(WaitReason.ConnectionLimit);

        (await Queue.NextAsync().SoonAsync()).ShouldBe([Google]);
        (await GrantedAsync(Google, offer, 1, idle.Session)).Deliveries.Count.ShouldBe(1);
    }

    [ContractFact]
    public async Task Extend_RefusedForMessages_LetsTheSessionIdleUntilThereAreMore()
    {
        var offer = Within(new TrafficLimits { Connections = 1, Messages = Rate.Parse("1/s,burst=1") });
        await FillAsync(Google, 3);
        var claim = await GrantedAsync(Google, offer);
        await RefusedAsync(Google, offer, WaitReason.RateLimit, Now.AddSeconds(1), claim.Session);
        var next = await NothingNextAsync();

        Time.Advance(TimeSpan.FromSeconds(1));

        (await next.SoonAsync()).ShouldBe([Google]);
        (await GrantedAsync(Google, offer, 1, claim.Session)).Session.ShouldBe(claim.Session);
    }

    [ContractFact]
    public async Task NextLanes_ManyLanesBehindOneLimit_CostAsManyClaimsAsTheLimitGives()
    {
        const int Lanes = 1000;
        var offer = Within(Messages("10/s,burst=1"));
        await Queue.StoreAsync(Message(Now, [.. Enumerable.Range(0, Lanes).SelectMany(i => new[] { To(Lane(i)), To(Lane(i)) })]));
        await GrantedAsync(Lane(0), offer);
        for (var i = 0; i < Lanes; i++)
            await TryAsync(Lane(i), offer);

        var (claims, given) = (0, 0);
        for (var turn = 0; turn < 50; turn++)
        {
            Time.Advance(TimeSpan.FromMilliseconds(100));
            while (await NextOrNullAsync() is { } lane)
            {
                claims++;
                if (await TryAsync(lane, offer) is not ClaimResult.Granted granted)
                    continue;
                given++;
                await SentAsync(granted);
            }
        }

        given.ShouldBeInRange(45, 50);
        claims.ShouldBeLessThan(5 * given);
    }

    [ContractFact]
    public async Task NextLanes_APoolThatMayNotSendBehindItsBudget_LeavesTheOthersGoing()
    {
        var used = From(Source("new", warmup: new WarmupPlan("slow", [1])));
        var fast = From(Source("old", limits: Messages("1/s,burst=1")));
        for (var i = 0; i < 10; i++)
            await FillAsync(Lane(i, "bulk"), 2);
        await GrantedAsync(Lane(0, "bulk"), used);
        for (var i = 0; i < 10; i++)
            (await TryAsync(Lane(i, "bulk"), used)).ShouldBeOfType<ClaimResult.NotNow>().Reason.ShouldBe(WaitReason.WarmupBudget);
        await FillAsync(Lane(0), 20);
        await ReleaseAsync(await GrantedAsync(Lane(0), fast));
        var given = 0;

        for (var turn = 0; turn < 30; turn++)
        {
            await TryAsync(Lane(0), fast);
            Time.Advance(TimeSpan.FromSeconds(1));
            foreach (var lane in await Queue.NextAsync().SoonAsync())
            {
                var result = await TryAsync(lane, lane.Pool == "main" ? fast : used);
                if (result is not ClaimResult.Granted granted)
                    continue;
                lane.ShouldBe(Lane(0));
                given++;
                await ReleaseAsync(granted);
            }
            if (given == 10)
                return;
        }
        Assert.Fail($"only {given} were given");
    }

    [ContractFact]
    public async Task NextLanes_OneNodesSourcesMayNotSend_NamesALaneForOtherNodes()
    {
        await BeatAsync(NodeA, NodeB);
        await FillAsync(Google, 3);
        await SentAsync(await GrantedAsync(Google, Warming));
        await RefusedAsync(Google, Warming, WaitReason.WarmupBudget, Tomorrow);
        var next = await NothingNextAsync();

        Time.Advance(TimeSpan.FromSeconds(5));

        (await next.SoonAsync()).ShouldBe([Google]);
        (await GrantedAsync(Google, From(Source("old")), node: NodeB)).Source.ShouldBe("old");
    }

    [ContractFact]
    public async Task NextLanes_OneNodesSourceHasItsConnections_NamesALaneForOtherNodes()
    {
        await BeatAsync(NodeA, NodeB);
        await FillAsync(Google, 3);
        var one = From(Source("a", limits: Connections(1)));
        await GrantedAsync(Google, one);
        await RefusedAsync(Google, one, WaitReason.ConnectionLimit);
        var next = await NothingNextAsync();

        Time.Advance(TimeSpan.FromSeconds(5));

        (await next.SoonAsync()).ShouldBe([Google]);
        (await GrantedAsync(Google, From(Source("b", limits: Connections(1))), node: NodeB)).Source.ShouldBe("b");
    }

    [ContractFact]
    public async Task NextLanes_AnotherNodeSends_NamesALaneForItSoon()
    {
        await BeatAsync(NodeA, NodeB);
        await FillAsync(Lane(1), 2);
        await FillAsync(Lane(2), 1);
        await SentAsync(await GrantedAsync(Lane(1), Warming));
        await SentAsync(await GrantedAsync(Lane(2), From(Source("old")), node: NodeB));
        await RefusedAsync(Lane(1), Warming, WaitReason.WarmupBudget, Tomorrow);
        var next = await NothingNextAsync();

        Time.Advance(TimeSpan.FromMilliseconds(100));

        (await next.SoonAsync()).ShouldBe([Lane(1)]);
    }

    [ContractTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task NextLanes_AnotherPoolWaitsForItsOwnSource_TheLaneForOtherNodesIsNamed(bool forConnections)
    {
        await BeatAsync(NodeA, NodeB);
        LaneKey[] bulk = [Lane(2, "bulk"), Lane(3, "bulk"), Lane(4, "bulk")];
        foreach (var lane in bulk)
            await FillAsync(lane, 100);
        await FillAsync(Lane(1), 3);
        var limited = From(Source("m", limits: forConnections ? Connections(1) : Messages("1/min,burst=1")));
        await GrantedAsync(bulk[0], limited);
        await SentAsync(await GrantedAsync(Lane(1), Warming));
        await RefusedAsync(Lane(1), Warming, WaitReason.WarmupBudget, Tomorrow);
        foreach (var lane in bulk[1..])
            (await TryAsync(lane, limited)).ShouldBeOfType<ClaimResult.NotNow>();

        for (var tenths = 0; tenths < 300; tenths++)
        {
            Time.Advance(TimeSpan.FromMilliseconds(100));
            while (await NextOrNullAsync() is { } lane)
            {
                if (lane == Lane(1))
                    return;
                await TryAsync(lane, limited);
            }
        }

        Assert.Fail("the lane that another node could send was never named");
    }

    [ContractFact]
    public async Task NextLanes_TheOnlyNodesSourcesMayNotSend_NamesOneInAWhileForWhatItMayOfferThen()
    {
        await BeatAsync(NodeA);
        await FillAsync(Google, 3);
        await SentAsync(await GrantedAsync(Google, Warming));
        await RefusedAsync(Google, Warming, WaitReason.WarmupBudget, Tomorrow);
        var next = await NothingNextAsync();
        Time.Advance(TimeSpan.FromSeconds(5) - TimeSpan.FromMilliseconds(1));
        await Task.Delay(20);
        next.IsCompleted.ShouldBeFalse();

        Time.Advance(TimeSpan.FromMilliseconds(1));

        (await next.SoonAsync()).ShouldBe([Google]);
        (await GrantedAsync(Google, From(Source("old")))).Source.ShouldBe("old");
    }

    [ContractFact]
    public async Task NextLanes_AnotherNodeComesAfterTheRefusal_NamesTheLaneToIt()
    {
        await BeatAsync(NodeA);
        await FillAsync(Google, 3);
        await SentAsync(await GrantedAsync(Google, Warming));
        await RefusedAsync(Google, Warming, WaitReason.WarmupBudget, Tomorrow);
        await BeatAsync(NodeB);
        var next = await NothingNextAsync();

        Time.Advance(TimeSpan.FromSeconds(5));

        (await next.SoonAsync()).ShouldBe([Google]);
    }

    [ContractFact]
    public async Task NextLanes_NoNodesSourcesMaySend_CostsOneClaimInAWhileForAllLanes()
    {
        const int Lanes = 200;
        await BeatAsync(NodeA, NodeB);
        for (var i = 0; i < Lanes; i++)
            await FillAsync(Lane(i), 2);
        await SentAsync(await GrantedAsync(Lane(0), Warming));
        for (var i = 0; i < Lanes; i++)
            await RefusedAsync(Lane(i), Warming, WaitReason.WarmupBudget, Tomorrow);

        var claims = 0;
        for (var turn = 0; turn < 60; turn++)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            while (await NextOrNullAsync() is { } lane)
            {
                claims++;
                await RefusedAsync(lane, Warming, WaitReason.WarmupBudget, Tomorrow);
            }
        }

        claims.ShouldBeInRange(10, 13);
    }

    [ContractFact]
    public async Task Lanes_OneThatWaitsForItsProvider_SaysWhy()
    {
        var offer = Within(Messages("1/min,burst=1"));
        await FillAsync(Google, 3);
        await GrantedAsync(Google, offer);

        await RefusedAsync(Google, offer, WaitReason.RateLimit, Now.AddMinutes(1));

        (await Queue.LanesAsync(1, CancellationToken.None)).ShouldHaveSingleItem().Waits.ShouldBe(WaitReason.RateLimit);
    }

    private static TrafficOffer Warming { get; } = From(Source("new", warmup: new WarmupPlan("slow", [1])));

    private DateTimeOffset Tomorrow => new(Now.UtcDateTime.Date.AddDays(1), TimeSpan.Zero);

    private async Task BeatAsync(params NodeId[] nodes)
    {
        foreach (var node in nodes)
            await Queue.BeatAsync(node, CancellationToken.None);
    }

    /// <summary>Opens a session in the first lane; those behind it are refused and wait, the last one with the latest mail.</summary>
    private async Task<ClaimResult.Granted> OpenAndLetWaitAsync(TrafficOffer offer, params LaneKey[] lanes)
    {
        foreach (var lane in lanes)
        {
            await FillAsync(lane, 1);
            Time.Advance(TimeSpan.FromMilliseconds(1));
        }
        var open = await GrantedAsync(lanes[0], offer);
        foreach (var lane in lanes.Skip(1).Reverse())
            (await TryAsync(lane, offer, node: NodeB)).ShouldBeOfType<ClaimResult.NotNow>();
        return open;
    }

    /// <returns>Null where no lane is named at once.</returns>
    private async Task<LaneKey?> NextOrNullAsync()
    {
        using var cut = new CancellationTokenSource();
        var next = Queue.NextLanesAsync(1, [], cut.Token);
        await Task.WhenAny(next, Task.Delay(20));
        if (next.IsCompleted)
            return (await next)[0];
        await cut.CancelAsync();
        await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return null;
    }
}
