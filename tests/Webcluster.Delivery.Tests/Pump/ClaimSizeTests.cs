using Shouldly;
using Webcluster.Delivery.Pump;
using Xunit;

namespace Webcluster.Delivery.Tests.Pump;

public class ClaimSizeTests
{
    [Theory]
    [InlineData(1, 1000, 1)]
    [InlineData(1, 250, 1)]
    [InlineData(1, 126, 1)]
    [InlineData(1, 125, 2)]
    [InlineData(1, 1, 2)]
    [InlineData(1, 0, 2)]
    public void Took_AfterTheFirst_IsAQuarterSecondsWorthButAtMostTwice(int count, int milliseconds, int next)
    {
        var size = new ClaimSize(8);
        size.Took(count, TimeSpan.FromMilliseconds(milliseconds));
        size.Next.ShouldBe(next);
    }

    [Fact]
    public void Took_FastThenSlow_GrowsToTheMostAndFallsAtOnce()
    {
        var size = new ClaimSize(6);
        var seen = new List<int>();
        foreach (var milliseconds in new[] { 1, 1, 1, 1, 5000 })
        {
            size.Took(size.Next, TimeSpan.FromMilliseconds(milliseconds));
            seen.Add(size.Next);
        }

        seen.ShouldBe([2, 4, 6, 6, 1]);
    }
}
