using Shouldly;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Traffic;
using Xunit;
using static Webcluster.Queue.Tests.QueueSamples;

namespace Webcluster.Queue.Tests.Traffic;

public abstract partial class TrafficContract
{
    [ContractFact]
    public async Task Connections_OfTheProvider_CountOverSitesPoolsAndNodes()
    {
        var offer = Within(Connections(3));
        var lanes = new[] { Lane(1), Lane(2), Lane(1, "bulk"), Lane(3, "bulk") };
        foreach (var lane in lanes)
            await FillAsync(lane, 2);
        for (var i = 0; i < 3; i++)
            await GrantedAsync(lanes[i], offer, node: Nodes[i]);

        await RefusedAsync(lanes[3], offer, WaitReason.ConnectionLimit);
        await FillAsync(Google, 1);
        await GrantedAsync(Google, offer);
    }

    [ContractFact]
    public async Task Connections_OfTheProvider_AreWhatASiteStands()
    {
        var offer = Within(Connections(Limits.Connections + 1));
        await FillAsync(Google, 3);

        await GrantedAsync(Google, offer);
        await GrantedAsync(Google, Within(Connections(2)));

        await RefusedAsync(Google, Within(Connections(2)), WaitReason.ConnectionLimit);
        await GrantedAsync(Google, offer);
    }

    [ContractFact]
    public async Task Connections_OfOnePool_DoNotNarrowTheOthers()
    {
        var (few, many) = (Within(Connections(2)), Within(Connections(4)));
        await FillAsync(Lane(1, "bulk"), 9);
        for (var i = 0; i < 2; i++)
            await GrantedAsync(Lane(1, "bulk"), few);
        await RefusedAsync(Lane(1, "bulk"), few, WaitReason.ConnectionLimit);
        await FillAsync(Lane(1), 9);

        for (var i = 0; i < 2; i++)
        {
            (await Queue.NextAsync().SoonAsync()).ShouldBe([Lane(1)]);
            await GrantedAsync(Lane(1), many);
        }

        await RefusedAsync(Lane(1), many, WaitReason.ConnectionLimit);
        await NothingNextAsync();
    }

    [ContractFact]
    public async Task Connections_OfEachSource_CountByThemselves()
    {
        var offer = From(Source("a", limits: Connections(1)), Source("b", limits: Connections(2)));
        await FillAsync(Google, 5);

        var sources = new List<string>();
        for (var i = 0; i < 3; i++)
            sources.Add((await GrantedAsync(Google, offer)).Source);

        sources.Order().ShouldBe(["a", "b", "b"]);
        await RefusedAsync(Google, offer, WaitReason.ConnectionLimit);
    }

    [ContractFact]
    public async Task ConnectionRate_BurstUsedUp_OpensAtItsPaceAndExtendsAtOnce()
    {
        var offer = Within(new TrafficLimits { ConnectionRate = Rate.Parse("1/s,burst=2") });
        await FillAsync(Google, 9);
        var first = await GrantedAsync(Google, offer);
        await GrantedAsync(Google, offer);

        await RefusedAsync(Google, offer, WaitReason.RateLimit, Now.AddSeconds(1));
        (await GrantedAsync(Google, offer, 1, first.Session)).Session.ShouldBe(first.Session);
        Time.Advance(TimeSpan.FromMilliseconds(999));
        await RefusedAsync(Google, offer, WaitReason.RateLimit, Now.AddMilliseconds(1));
        Time.Advance(TimeSpan.FromMilliseconds(1));
        await GrantedAsync(Google, offer);
        await RefusedAsync(Google, offer, WaitReason.RateLimit, Now.AddSeconds(1));
    }

    [ContractTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Messages_BurstUsedUp_ComeAtTheirPace(bool bySource)
    {
        var offer = bySource ? From(Source("a", limits: Messages("10/s,burst=5"))) : Within(Messages("10/s,burst=5"));
        await FillAsync(Google, 20);

        var claim = await GrantedAsync(Google, offer, 100);

        claim.Deliveries.Count.ShouldBe(5);
        await RefusedAsync(Google, offer, WaitReason.RateLimit, Now.AddMilliseconds(100), claim.Session);
        await RefusedAsync(Google, offer, WaitReason.RateLimit, Now.AddMilliseconds(100));
        Time.Advance(TimeSpan.FromMilliseconds(250));
        (await GrantedAsync(Google, offer, 100, claim.Session)).Deliveries.Count.ShouldBe(2);
        Time.Advance(TimeSpan.FromHours(1));
        (await GrantedAsync(Google, offer, 100)).Deliveries.Count.ShouldBe(5);
    }

    [ContractFact]
    public async Task Messages_OverAMinute_AreExactlyTheRateWithinTheBurst()
    {
        var offer = Within(Messages("20/s,burst=2"));
        await FillAsync(Google, 1300);
        var (given, end, turn) = (0, Now.AddMinutes(1), 0);
        while (Now < end)
        {
            switch (await TryAsync(Google, offer, 10, node: Nodes[turn++ % 3]))
            {
                case ClaimResult.Granted granted:
                    given += granted.Deliveries.Count;
                    await ReleaseAsync(granted);
                    break;
                case ClaimResult.NotNow { Until: { } until }:
                    until.ShouldBeGreaterThan(Now);
                    Time.Advance(until - Now);
                    break;
            }
        }

        given.ShouldBeInRange(1200, 1202);
    }

    [ContractFact]
    public async Task Messages_OfManyNodesAtOnce_AreTheBurst()
    {
        var offer = Within(Messages("1/h,burst=7"));
        for (var i = 0; i < 8; i++)
            await FillAsync(Lane(i), 5);

        var claims = Enumerable.Range(0, 40).Select(i => Task.Run(async () => await TryAsync(Lane(i % 8), offer, 2, node: Nodes[i % 3])));
        var results = await Task.WhenAll(claims);

        results.OfType<ClaimResult.Granted>().Sum(granted => granted.Deliveries.Count).ShouldBe(7);
    }

    [ContractFact]
    public async Task Messages_RateThatDividesUnevenly_GivesItsBurstAgainAndAgain()
    {
        var offer = Within(Messages("7/s,burst=1"));
        await FillAsync(Google, 10);
        for (var i = 0; i < 10; i++)
        {
            await ReleaseAsync(await GrantedAsync(Google, offer));
            var refused = (await TryAsync(Google, offer)).ShouldBeOfType<ClaimResult.NotNow>();
            Time.Advance(refused.Until.ShouldNotBeNull() - Now);
        }
    }

    [ContractFact]
    public async Task Octets_ALargeMessage_GoesOnceAndIsPaidForBefore()
    {
        var octets = 600;
        var offer = Within(new TrafficLimits { Octets = Rate.Parse("100/s,burst=100") });
        for (var i = 0; i < 3; i++)
            await Queue.StoreAsync(Message(Now) with { Content = new MessageContent(new byte[100], new byte[octets - 100]) });

        var claim = await GrantedAsync(Google, offer, 10);

        claim.Deliveries.Count.ShouldBe(1);
        // Six seconds' worth is taken, one of them was there; one octet more is there a hundredth later.
        await RefusedAsync(Google, offer, WaitReason.RateLimit, Now.AddMilliseconds(5010), claim.Session);
        Time.Advance(TimeSpan.FromMilliseconds(5010));
        (await GrantedAsync(Google, offer, 10, claim.Session)).Deliveries.Count.ShouldBe(1);
    }

    [ContractFact]
    public async Task FirstAttempts_UsedUp_EndTheClaimInFrontOfTheNextOne()
    {
        var offer = Within(new TrafficLimits { FirstAttempts = Rate.Parse("1/min,burst=2") });
        await FillAsync(Google, 2);
        var tried = await GrantedAsync(Google, TrafficOffer.Unlimited, 2);
        await Queue.SettleAsync(tried.Session, tried.Deferred(TimeSpan.FromSeconds(1)));
        await Queue.SettleAsync(tried.Session, tried.Deferred(1, TimeSpan.FromSeconds(2)));
        Time.Advance(TimeSpan.FromSeconds(1));
        await FillAsync(Google, 4);
        Time.Advance(TimeSpan.FromSeconds(1));

        // One that was tried, two of the new ones; then a third stands in front of the other that was tried.
        var claim = await GrantedAsync(Google, offer, 10);

        claim.Deliveries.Select(delivery => delivery.Attempts).ShouldBe([1, 0, 0]);
        await RefusedAsync(Google, offer, WaitReason.RateLimit, Now.AddMinutes(1), claim.Session);
        Time.Advance(TimeSpan.FromMinutes(1));
        (await GrantedAsync(Google, offer, 10, claim.Session)).Deliveries.Select(delivery => delivery.Attempts).ShouldBe([0]);
    }

    [ContractTheory]
    [InlineData(null, null, 10)]
    [InlineData(3, null, 3)]
    [InlineData(20, null, 20)]
    [InlineData(20, 4, 4)]
    [InlineData(4, 20, 4)]
    public async Task MessagesPerConnection_OfProviderAndSource_AreHeld(int? ofProvider, int? ofSource, int expected)
    {
        var offer = Within(
            new TrafficLimits { MessagesPerConnection = ofProvider ?? 10 }, Source("a", limits: new() { MessagesPerConnection = ofSource }));
        await FillAsync(Google, 60);

        var claim = await GrantedAsync(Google, offer, 2);
        (await GrantedAsync(Google, offer, 100, claim.Session)).Deliveries.Count.ShouldBe(expected - 2);

        await RefusedAsync(Google, offer, WaitReason.SessionExhausted, session: claim.Session);
        (await GrantedAsync(Google, offer, 100)).Deliveries.Count.ShouldBe(expected);
    }

    [ContractFact]
    public async Task AllLimitsTogether_TheNarrowestDecides()
    {
        var limits = new TrafficLimits
        {
            Connections = 2, ConnectionRate = Rate.Parse("1/s,burst=1"), Messages = Rate.Parse("10/s,burst=3"),
            Octets = Rate.Parse("1MiB/s,burst=1MiB"), MessagesPerConnection = 4,
        };
        var offer = Within(limits, Source("a", limits: Messages("1/s,burst=2")));
        await FillAsync(Google, 20);

        var claim = await GrantedAsync(Google, offer, 10);

        claim.Deliveries.Count.ShouldBe(2);
        await RefusedAsync(Google, offer, WaitReason.RateLimit, Now.AddSeconds(1));
        await RefusedAsync(Google, offer, WaitReason.RateLimit, Now.AddSeconds(1), claim.Session);
        Time.Advance(TimeSpan.FromSeconds(1));
        (await GrantedAsync(Google, offer, 10)).Deliveries.Count.ShouldBe(1);
        await RefusedAsync(Google, offer, WaitReason.ConnectionLimit);
        Time.Advance(TimeSpan.FromSeconds(5));
        (await GrantedAsync(Google, offer, 10, claim.Session)).Deliveries.Count.ShouldBe(2);
        await RefusedAsync(Google, offer, WaitReason.SessionExhausted, session: claim.Session);
    }

    [ContractFact]
    public async Task Limits_OfAnotherProvider_AreItsOwn()
    {
        var offer = Within(Messages("1/h,burst=1"));
        await FillAsync(Google, 2);
        await FillAsync(Yahoo, 2);
        await GrantedAsync(Google, offer);

        await GrantedAsync(Yahoo, offer);
        await RefusedAsync(Google, offer, WaitReason.RateLimit, Now.AddHours(1));
    }
}
