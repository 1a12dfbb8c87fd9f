using Shouldly;
using Webcluster.Queue.Embedded.Traffic;
using Webcluster.Queue.Traffic;
using Xunit;

namespace Webcluster.Queue.Tests.Embedded.Traffic;

public sealed class WarmupProgressTests
{
    private const double Day = 86_400_000_000;
    private static readonly WarmupPlan Plan = new("plan", [100, 200, 400]);

    [Theory]
    // Used to four fifths.
    [InlineData(1, 80, 0, 2)]
    [InlineData(1, 79, 0, 1)]
    [InlineData(1, 100, 5, 2)]
    // More than one in twenty refused: the same; more than one in ten: back.
    [InlineData(2, 200, 10, 3)]
    [InlineData(2, 200, 11, 2)]
    [InlineData(2, 200, 20, 2)]
    [InlineData(2, 200, 21, 1)]
    [InlineData(1, 100, 50, 1)]
    [InlineData(2, 0, 1, 1)]
    [InlineData(2, 0, 0, 2)]
    [InlineData(3, 320, 16, 4)]
    [InlineData(3, 320, 33, 2)]
    // Warm already.
    [InlineData(4, 0, 1000, 4)]
    public void Today_OnTheNextDay_IsTheStepThatTheLastDayDeserves(int step, int used, int refused, int expected)
    {
        var last = new WarmupProgress("plan", step, 10, used, refused, step > 3);

        var today = WarmupProgress.Today(last, Plan, 11 * Day);

        today.ShouldBe(new WarmupProgress("plan", expected, 11, 0, 0, expected > 3));
    }

    [Theory]
    [InlineData(10, 10.999999)]
    [InlineData(10, 10)]
    [InlineData(10, 9.5)]
    public void Today_OnTheSameDayOrWithTheClockSetBack_ChangesNothing(long day, double now)
    {
        var last = new WarmupProgress("plan", 2, day, 200, 100, false);

        WarmupProgress.Today(last, Plan, now * Day).ShouldBe(last);
    }

    [Fact]
    public void Today_AWeekLater_LooksAtTheLastDayOnce() =>
        WarmupProgress.Today(new("plan", 1, 10, 100, 0, false), Plan, 17.5 * Day).ShouldBe(new WarmupProgress("plan", 2, 17, 0, 0, false));

    [Fact]
    public void Today_NothingKnownOrAnotherPlan_BeginsAtTheFirstStep()
    {
        var first = new WarmupProgress("plan", 1, 10, 0, 0, false);

        WarmupProgress.Today(null, Plan, 10 * Day).ShouldBe(first);
        WarmupProgress.Today(new("other", 3, 10, 7, 7, true), Plan, 10 * Day).ShouldBe(first);
        first.Left(Plan).ShouldBe(100);
        first.EndOfDay.ShouldBe(11 * Day);
    }

    [Fact]
    public void Today_PlanChangedInLength_KnowsWhetherItIsWarm()
    {
        var warm = new WarmupProgress("plan", 4, 10, 0, 0, true);
        WarmupProgress.Today(warm, Plan with { Budgets = [100, 200, 400, 800] }, 10 * Day).ShouldBe(warm with { IsWarm = false });
        var third = new WarmupProgress("plan", 3, 10, 5, 0, false);
        WarmupProgress.Today(third, Plan with { Budgets = [100, 200] }, 10 * Day).ShouldBe(third with { IsWarm = true });
    }
}
