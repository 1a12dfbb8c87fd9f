using Shouldly;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Traffic;
using Xunit;
using static Webcluster.Queue.Tests.QueueSamples;

namespace Webcluster.Queue.Tests.Traffic;

public abstract partial class TrafficContract
{
    private const int Lead = 16;

    [ContractFact]
    public async Task Extend_SourceAheadOfOneThatCouldOpen_MakesRoomForIt()
    {
        var offer = From(Source("a"), Source("b"));
        await FillAsync(Google, 100);
        var claim = await GrantedAsync(Google, offer);

        (await ExtendAsync(Google, offer, claim, 5)).ShouldBeInRange(Lead, 2 * Lead);

        await RefusedAsync(Google, offer, WaitReason.SessionExhausted, session: claim.Session);
        await ReleaseAsync(claim);
        (await GrantedAsync(Google, offer)).Source.ShouldBe("b");
    }

    [ContractFact]
    public async Task Extend_SmallPartOfTheSessions_MakesRoomLater()
    {
        var offer = From(Source("a"), Source("b"));
        await FillAsync(Google, 100);
        var one = await GrantedAsync(Google, From(Source("a")));
        await GrantedAsync(Google, From(Source("b")));
        await GrantedAsync(Google, From(Source("b")));
        await GrantedAsync(Google, From(Source("b")));

        // One session of four may be ahead by 16 * (2 - 1/4), which is 28; b is ahead by the three it was given.
        (await ExtendAsync(Google, offer, one, 1)).ShouldBe(3 + 28 + 1);
    }

    [ContractFact]
    public async Task Extend_NoOtherSource_GoesOn()
    {
        await FillAsync(Google, 500);
        var claim = await GrantedAsync(Google, From(Source("a")));

        (await ExtendAsync(Google, From(Source("a")), claim, 20)).ShouldBe(499);
    }

    [ContractTheory]
    [InlineData("suspended")]
    [InlineData("full")]
    [InlineData("slow")]
    [InlineData("new")]
    public async Task Extend_OtherSourceThatCannotOpen_IsNotWaitedFor(string why)
    {
        var other = why switch
        {
            "full" => Source("b", 9, Connections(1)),
            "slow" => Source("b", 9, Messages("1/h,burst=1")),
            "new" => Source("b", 9, warmup: new WarmupPlan("plan", [1])),
            _ => Source("b", 9),
        };
        await FillAsync(Google, 500);
        await GrantedAsync(Google, From(other));
        var claim = await GrantedAsync(Google, From(Source("a")));
        if (why == "suspended")
            await AdjustAsync("b", new Adjustment.Suspend(TimeSpan.FromHours(1)));

        (await ExtendAsync(Google, From(Source("a"), other), claim, 20)).ShouldBe(498);
    }

    [ContractFact]
    public async Task Claim_OfManyMessages_GetsNoMoreAheadThanIsAllowed()
    {
        var offer = From(Source("a", 4), Source("b"));
        await FillAsync(Google, 500);

        (await GrantedAsync(Google, offer, 300)).Deliveries.Count.ShouldBe(2 * Lead);
    }

    [ContractFact]
    public async Task Open_AheadOfAnotherNodesSource_LeavesItTheTurn()
    {
        await FillAsync(Google, 100);
        await SentAsync(await GrantedAsync(Google, From(Source("b")), node: NodeB));
        for (var given = 0; given <= Lead / 2; given++)
            await SentAsync(await GrantedAsync(Google, From(Source("a"))));

        await RefusedAsync(Google, From(Source("a")), WaitReason.OthersTurn, Now.AddMilliseconds(20));

        // The lane is still named, so that the other node comes.
        (await Queue.NextAsync().SoonAsync()).ShouldBe([Google]);
        await SentAsync(await GrantedAsync(Google, From(Source("b")), 5, node: NodeB));
        await GrantedAsync(Google, From(Source("a")));
    }

    [ContractFact]
    public async Task Open_AheadOfASourceThatIsOfferedNoMore_WaitsForItForAMoment()
    {
        await FillAsync(Google, 100);
        await GrantedAsync(Google, From(Source("b")), node: NodeB);
        await GrantedAsync(Google, From(Source("a")), 30);
        await RefusedAsync(Google, From(Source("a")), WaitReason.OthersTurn, Now.AddMilliseconds(20));

        Time.Advance(TimeSpan.FromSeconds(2));
        await RefusedAsync(Google, From(Source("a")), WaitReason.OthersTurn, Now.AddMilliseconds(20));
        Time.Advance(TimeSpan.FromMilliseconds(1));

        await GrantedAsync(Google, From(Source("a")));
    }

    [ContractFact]
    public async Task Open_SourceThatWasAway_IsOwedNothing()
    {
        await FillAsync(Google, 300);
        await SentAsync(await GrantedAsync(Google, From(Source("b")), node: NodeB));
        Time.Advance(TimeSpan.FromSeconds(10));
        await SentAsync(await GrantedAsync(Google, From(Source("a")), 100));

        (await GrantedAsync(Google, From(Source("b")), 100, node: NodeB)).Deliveries.Count.ShouldBe(2 * Lead);
        await GrantedAsync(Google, From(Source("a")));
    }

    [ContractFact]
    public async Task Claim_OfALaneWithNothingDue_OffersItsSources()
    {
        await RefusedAsync(Google, From(Source("b")), WaitReason.NothingDue);
        await FillAsync(Google, 100);

        (await GrantedAsync(Google, From(Source("a")), 100)).Deliveries.Count.ShouldBe(2 * Lead);
    }

    [ContractFact]
    public async Task Weights_OfASourceInTwoPools_AreThoseOfEach()
    {
        var (main, bulk) = (Lane(1), Lane(1, "bulk"));
        await FillAsync(main, 300);
        await FillAsync(bulk, 300);
        var sent = new Dictionary<(string Pool, string Source), int>();
        for (var i = 0; i < 200; i++)
            foreach (var (lane, offer) in new[] { (main, From(Source("a", 3), Source("b"))), (bulk, From(Source("a"), Source("c"))) })
            {
                var claim = await GrantedAsync(lane, offer);
                sent[(lane.Pool, claim.Source)] = sent.GetValueOrDefault((lane.Pool, claim.Source)) + 1;
                await SentAsync(claim);
            }

        sent[("main", "a")].ShouldBe(150);
        sent[("bulk", "a")].ShouldBe(100);
    }

    /// <summary>Nodes with sources of their own and few connections; one of them is three times as eager as the others.</summary>
    [ContractTheory]
    [InlineData(1, new[] { 1 }, new[] { 1 })]
    [InlineData(2, new[] { 3 }, new[] { 1 })]
    [InlineData(3, new[] { 1 }, new[] { 3 })]
    [InlineData(4, new[] { 1, 2 }, new[] { 3, 4 })]
    [InlineData(5, new[] { 4, 1 }, new[] { 1 })]
    public async Task Weights_OverTwoNodes_HoldWithinThreePercent(int seed, int[] ofOne, int[] ofOther)
    {
        const int Mails = 3000;
        var run = new Random(seed);
        var limits = new TrafficLimits { Connections = 6 };
        var offers = new[] { ofOne, ofOther }
            .Select((weights, node) => Within(limits, [.. weights.Select((weight, i) => Source($"{node}{i}", weight))])).ToArray();
        var sources = offers.SelectMany(offer => offer.Sources).ToList();
        for (var i = 0; i < Mails / 100; i++)
            await FillAsync(Google, 100);
        var sent = sources.ToDictionary(source => source.Source, _ => 0);
        var open = new List<(int Node, ClaimResult.Granted Claim)>();
        var (given, sessions) = (0, 0);

        while (given < Mails)
        {
            var node = run.Next(4) == 0 ? 1 : 0;
            var at = open.FindIndex(session => session.Node == node);
            var session = at < 0 || (open.Count < 6 && run.Next(3) == 0) ? null : open[at].Claim;
            if (session is not null)
                open.RemoveAt(at);
            if (await TryAsync(Google, offers[node], run.Next(1, 20), session?.Session, Nodes[node]) is ClaimResult.Granted granted)
            {
                sessions += session is null ? 1 : 0;
                given += granted.Deliveries.Count;
                sent[granted.Source] += granted.Deliveries.Count;
                await SentAsync(granted, release: false);
                open.Add((node, granted));
            }
            else if (session is not null)
            {
                await ReleaseAsync(session);
            }

            Time.Advance(TimeSpan.FromMilliseconds(run.Next(1, 20)));
        }

        var weights = sources.Sum(source => source.Weight);
        foreach (var source in sources)
            ((double)sent[source.Source] / given).ShouldBe((double)source.Weight / weights, 0.03, source.Source);
        sessions.ShouldBeLessThan(Mails / 10);
    }

    /// <returns>How many it got until it was refused, or there were no more.</returns>
    private async Task<int> ExtendAsync(LaneKey lane, TrafficOffer offer, ClaimResult.Granted claim, int most)
    {
        var given = 0;
        while (await TryAsync(lane, offer, most, claim.Session) is ClaimResult.Granted granted)
            given += granted.Deliveries.Count;
        return given;
    }
}
