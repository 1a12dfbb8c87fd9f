using Microsoft.Extensions.Logging;
using Shouldly;
using Webcluster.Delivery.Availability;
using Webcluster.Delivery.Pools;
using Webcluster.Delivery.Providers;
using Webcluster.Delivery.Sources;
using Webcluster.Delivery.Tests.Providers;
using Webcluster.Delivery.Traffic;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Traffic;
using Webcluster.TestKit.Logging;
using Webcluster.TestKit.Time;
using Xunit;

namespace Webcluster.Delivery.Tests.Traffic;

public sealed class TrafficOffersTests
{
    private static readonly LaneKey Lane = new("mx.example", "mx.example", "default");

    private readonly ManualClock _clock = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
    private readonly SourceBook _sources;
    private readonly TrafficOffers _offers;

    public TrafficOffersTests()
    {
        var plan = EgressPlan.Of(
            Source("warm"), Source("begun") with { Warmup = new SourceWarmup("linear", new DateOnly(2026, 11, 22)) },
            Source("later") with { Warmup = new SourceWarmup("default", new DateOnly(2026, 11, 23)) });
        _sources = new SourceBook(plan, new SourceLog(new Logger<SourceLog>(new TestLog())), _clock);
        var book = new ProviderBook(Books.Setup(traffic:
        [
            new TrafficOptions { Site = "mx.example", Messages = Rate.Parse("10/s") },
            new TrafficOptions { Site = "mx.example", Source = "warm", Connections = 3 },
        ]));
        _offers = new TrafficOffers(book, _sources, _clock);
    }

    [Fact]
    public void For_Lane_HasItsLimitsAndTheSourcesThatHaveBegun()
    {
        var offer = _offers.For(Lane).ShouldNotBeNull();

        offer.Limits.Messages.ShouldBe(Rate.Parse("10/s"));
        offer.Sources.Select(source => (source.Source, source.Limits.Connections, source.Warmup?.Name))
            .ShouldBe([("warm", 3, null), ("begun", null, "linear")]);
    }

    [Fact]
    public void For_SameAgain_IsTheSameObject_UntilASourceGoesOrADayBegins()
    {
        var offer = _offers.For(Lane);
        _offers.For(Lane).ShouldBeSameAs(offer);

        _sources.LeaveOut(_sources.Find("warm")!, "test");
        _offers.For(Lane)!.Sources.Select(source => source.Source).ShouldBe(["begun"]);

        _clock.Advance(TimeSpan.FromDays(1));
        _sources.Probed(_sources.Find("later")!, null);
        _offers.For(Lane)!.Sources.Select(source => source.Source).ShouldBe(["begun", "later"]);
    }

    [Fact]
    public void For_ProviderLimitedPerSourceOnly_IsNotCappedByTheSiteDefaults()
    {
        var book = new ProviderBook(Books.Setup(providers:
        [
            new ProviderOptions { Name = "big", PerSource = new LimitOptions { Connections = 25, MessagesPerConnection = 1000 } },
        ]));

        var offer = new TrafficOffers(book, _sources, _clock).For(Lane with { Provider = "big" }).ShouldNotBeNull();

        offer.Limits.ShouldBe(new TrafficLimits { Connections = 1_000_000, MessagesPerConnection = 1_000_000 });
        offer.Sources[0].Limits.ShouldBe(new TrafficLimits { Connections = 25, MessagesPerConnection = 1000 });
    }

    [Fact]
    public void RecipientsPerTransaction_NothingConfigured_Is100() => _offers.RecipientsPerTransaction(Lane).ShouldBe(100);

    [Fact]
    public void RecipientsPerTransaction_ServerTookFewer_IsThatForAnHour()
    {
        _offers.TookOnly(Lane, 40, isSaid: true).ShouldBe(TimeSpan.FromHours(1));
        _offers.RecipientsPerTransaction(Lane).ShouldBe(40);
        _offers.RecipientsPerTransaction(Lane with { Site = "other" }).ShouldBe(100);

        _clock.Advance(TimeSpan.FromMinutes(60));

        _offers.RecipientsPerTransaction(Lane).ShouldBe(100);
    }

    [Fact]
    public void RecipientsPerTransaction_ServerHungUpWithoutAWord_IsThatForAnHourOnlyWhereItDoesSoAgain()
    {
        _offers.TookOnly(Lane, 1, isSaid: false).ShouldBe(TimeSpan.FromMinutes(15));
        _offers.RecipientsPerTransaction(Lane).ShouldBe(1);
        _clock.Advance(TimeSpan.FromMinutes(15));
        _offers.RecipientsPerTransaction(Lane).ShouldBe(100);

        _offers.TookOnly(Lane, 2, isSaid: false).ShouldBe(TimeSpan.FromMinutes(15));
        _offers.TookOnly(Lane, 2, isSaid: false).ShouldBe(TimeSpan.FromHours(1));
    }

    [Fact]
    public void For_HostsOfTheOtherFamily_HasTheSourcesThatReachThem_OrAllWhereNoneDoes()
    {
        var (four, six) = (Source("four"), Source("six") with { Address = null, Address6 = System.Net.IPAddress.IPv6Loopback });
        var book = new SourceBook(EgressPlan.Of(four, six), new SourceLog(new Logger<SourceLog>(new TestLog())), _clock);
        var offers = new TrafficOffers(new ProviderBook(Books.Setup()), book, _clock);
        offers.OutOfReach(Lane, six).ShouldBeTrue();
        Names().ShouldBe(["four"]);
        offers.For(Lane).ShouldBeSameAs(offers.For(Lane));
        offers.For(Lane with { Site = "other" })!.Sources.Count.ShouldBe(2);

        book.LeaveOut(four, "test");
        offers.OutOfReach(Lane, six).ShouldBeFalse();
        Names().ShouldBe(["six"]);

        _clock.Advance(TimeSpan.FromHours(1));
        book.Probed(four, null);
        Names().ShouldBe(["four", "six"]);

        IEnumerable<string> Names() => offers.For(Lane)!.Sources.Select(source => source.Source);
    }

    [Fact]
    public void For_Bounces_IsNothing() => _offers.For(LaneKey.Bounces).ShouldBeNull();

    [Fact]
    public void Plans_EachStepIsMoreThanTheOneBefore()
    {
        WarmupPlans.Names.ShouldContain("default");
        foreach (var plan in WarmupPlans.Names.Select(name => WarmupPlans.Find(name)!))
            plan.Budgets.Zip(plan.Budgets.Skip(1)).ShouldAllBe(steps => steps.First < steps.Second, plan.Name);
    }

    [Theory]
    [InlineData("500/day + 500/day", 500, 1000, 15_000)]
    [InlineData("20/day+5/day", 20, 25, 165)]
    public void Plans_LineOfOnesOwn_GrowsForThirtyDays(string text, int first, int second, int last)
    {
        var plan = WarmupPlans.Find(text).ShouldNotBeNull();
        plan.Budgets.Count.ShouldBe(30);
        (plan.Budgets[0], plan.Budgets[1], plan.Budgets[^1]).ShouldBe((first, second, last));
        WarmupPlans.Find(plan.Name).ShouldNotBeNull().Budgets.ShouldBe(plan.Budgets);
    }

    [Theory]
    [InlineData("")]
    [InlineData("fast")]
    [InlineData("500/day")]
    [InlineData("0/day + 5/day")]
    [InlineData("5/day + -5/day")]
    [InlineData("5/day + 5/day + 5/day")]
    [InlineData("5/hour + 5/day")]
    [InlineData("99999999999/day + 1/day")]
    public void Plans_NoPlan_IsNone(string text) => WarmupPlans.Find(text).ShouldBeNull();

    private static Source Source(string name) => new(name, System.Net.IPAddress.Loopback, null, "we.test");
}
