using Shouldly;
using Webcluster.Queue.Embedded.Traffic;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Traffic;
using Xunit;

namespace Webcluster.Queue.Tests.Embedded.Traffic;

public sealed class ProviderTrafficTests
{
    private const double Start = 1_795_314_896_000_000;
    private const double Hour = 3_600_000_000;
    private readonly ProviderTraffic provider = new("google");

    [Fact]
    public void Open_OneThatCannotSendForAWhile_ComesBackWithoutADebt()
    {
        var slow = Offer("a", limits: new TrafficLimits { Messages = Rate.Parse("1/h,burst=1") });
        Names(1, slow, Offer("b")).ShouldBe(["a"]);

        Names(100, slow, Offer("b")).ShouldAllBe(name => name == "b");

        // Its hour is over: it takes its turn, and no more than that.
        Names(4, Start + Hour, slow, Offer("b")).Count(name => name == "a").ShouldBe(1);
        Names(10, Start + 2 * Hour, Offer("a"), Offer("b")).Count(name => name == "a").ShouldBeInRange(4, 6);
    }

    [Fact]
    public void Open_OneThatAloneCanSend_DoesNotGetAheadOfThoseThatComeBackTogether()
    {
        Names(9, Offer("a"), Offer("b", weight: 2)).Count(name => name == "b").ShouldBe(6);
        provider.Source("a").Adjust(new Adjustment.Suspend(TimeSpan.FromHours(1)), "421", Start);
        provider.Source("b").Adjust(new Adjustment.Suspend(TimeSpan.FromHours(1)), "421", Start);
        Names(50, Offer("a"), Offer("b", weight: 2), Offer("c")).ShouldAllBe(name => name == "c");

        Names(40, Start + Hour, Offer("a"), Offer("b", weight: 2), Offer("c")).Count(name => name == "b").ShouldBeInRange(19, 21);
    }

    [Fact]
    public void Open_SourcesOfTwoPools_KeepTheirShares()
    {
        for (var i = 0; i < 100; i++)
        {
            Names(20, Offer("a"), Offer("b")).Count(name => name == "a").ShouldBeInRange(9, 11);
            Names("other", 4, Offer("c", weight: 3), Offer("a")).Count(name => name == "c").ShouldBe(3);
        }
    }

    [Fact]
    public void Open_TheSameSourceOfferedTwice_IsNoTrouble() => Names(3, Offer("a"), Offer("a")).ShouldBe(["a", "a", "a"]);

    [Theory]
    [InlineData(new[] { WaitReason.SourcesSuspended, WaitReason.WarmupBudget }, WaitReason.WarmupBudget)]
    [InlineData(new[] { WaitReason.WarmupBudget, WaitReason.RateLimit, WaitReason.SourcesSuspended }, WaitReason.RateLimit)]
    [InlineData(new[] { WaitReason.RateLimit, WaitReason.ConnectionLimit }, WaitReason.ConnectionLimit)]
    [InlineData(new[] { WaitReason.SourcesSuspended, WaitReason.SourcesSuspended }, WaitReason.SourcesSuspended)]
    public void Refusals_OfSeveralSources_AreTheLeastGrave(WaitReason[] reasons, WaitReason expected) =>
        SourceRefusals.Of(reasons.Select(reason => Allowance.Refused(reason))).ShouldBe(Allowance.Refused(expected));

    [Fact]
    public void Forget_WhatIsStillNeeded_Stays()
    {
        var day = 24 * Hour;
        Names(1, Offer("plain"), Offer("limited", limits: new() { Messages = Rate.Parse("1/d") }));
        Names(1, Offer("limited", limits: new() { Messages = Rate.Parse("1/d") }));
        provider.Source("learned").Adjust(new Adjustment.Suspend(TimeSpan.FromDays(30)), "421", Start);
        provider.Source("learned").IsChanged = false;

        provider.Forget(Start + 2 * Hour, Start + Hour, Start - day).ShouldBeFalse();
        provider.Sources.Select(source => source.Name).ShouldBe(["learned", "limited"]);
        provider.Forget(Start + 2 * day, Start + day, Start - day).ShouldBeFalse();
        provider.Sources.Select(source => source.Name).ShouldBe(["learned"]);
        provider.Forget(Start + 31 * day, Start + 30 * day, Start + day).ShouldBeTrue();
    }

    private static SourceOffer Offer(string name, int weight = 1, TrafficLimits? limits = null) => new(name, weight, limits ?? TrafficLimits.None);

    private List<string> Names(int sessions, params SourceOffer[] offers) => Names(sessions, Start, offers);

    private List<string> Names(string pool, int sessions, params SourceOffer[] offers) => Names(pool, sessions, Start, offers);

    private List<string> Names(int sessions, double now, params SourceOffer[] offers) => Names("main", sessions, now, offers);

    /// <summary>Opens so many sessions after each other, with one message each.</summary>
    private List<string> Names(string pool, int sessions, double now, params SourceOffer[] offers)
    {
        var names = new List<string>();
        for (var i = 0; i < sessions; i++)
        {
            var share = provider.Open(new TrafficOffer(offers, TrafficLimits.None), new Turn(now, pool, Opens: true, IsFirstAttempt: true)).Share.ShouldNotBeNull();
            share.Connect();
            share.Charge(100, isFirstAttempt: true);
            share.Count(1);
            provider.Disconnect();
            share.Source.Disconnect();
            names.Add(share.Source.Name);
        }
        return names;
    }
}
