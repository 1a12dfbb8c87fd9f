using Shouldly;
using Webcluster.Delivery.Reactions;
using Webcluster.TestKit.Time;
using Xunit;

namespace Webcluster.Delivery.Tests.Reactions;

public sealed class RefusedSharesTests
{
    private readonly ManualClock _clock = new();

    [Theory]
    [InlineData(5, 10, 5, true)]
    [InlineData(5, 10, 50, true)]
    [InlineData(5, 10, 51, false)]
    [InlineData(5, 0, 100_000, true)]
    [InlineData(1, 100, 1, true)]
    [InlineData(0, 10, 5, false)]
    public void IsEnough_OfSoManyTried_NeedsTheShare(int after, int percent, int tried, bool isEnough)
    {
        var shares = new RefusedShares(new ReactionOptions { SlowAfter = after, SlowPercent = percent }, _clock);
        for (var i = 0; i < tried; i++) shares.Tried("mx.example", "a");

        for (var i = 1; i < after; i++) shares.IsEnough("mx.example", "a").ShouldBeFalse();

        shares.IsEnough("mx.example", "a").ShouldBe(isEnough);
    }

    [Fact]
    public void IsEnough_OnceItWas_CountsAnew()
    {
        var shares = new RefusedShares(new ReactionOptions { SlowAfter = 2 }, _clock);

        bool[] answers = [.. Enumerable.Range(0, 4).Select(_ => shares.IsEnough("mx.example", "a"))];

        answers.ShouldBe([false, true, false, true]);
    }

    [Theory]
    [InlineData(299, true)]
    [InlineData(300, false)]
    public void IsEnough_AfterItsTime_CountsAnew(int seconds, bool isEnough)
    {
        var shares = new RefusedShares(new ReactionOptions { SlowAfter = 2 }, _clock);
        shares.IsEnough("mx.example", "a").ShouldBeFalse();

        _clock.Advance(TimeSpan.FromSeconds(seconds));

        shares.IsEnough("mx.example", "a").ShouldBe(isEnough);
    }

    [Fact]
    public void IsEnough_OtherSourceOrProvider_CountsByItself()
    {
        var shares = new RefusedShares(new ReactionOptions { SlowAfter = 2 }, _clock);

        shares.IsEnough("mx.example", "a").ShouldBeFalse();
        shares.IsEnough("mx.example", "b").ShouldBeFalse();
        shares.IsEnough("other", "a").ShouldBeFalse();
        shares.IsEnough("other", "a").ShouldBeTrue();
    }
}
