using Shouldly;
using Webcluster.Delivery.Outcomes;
using Xunit;

namespace Webcluster.Delivery.Tests.Outcomes;

public class RetryScheduleTests
{
    private static readonly RetryOptions NoJitter = new() { JitterPercent = 0 };

    [Theory]
    [InlineData(0, 5)]
    [InlineData(1, 10)]
    [InlineData(2, 20)]
    [InlineData(5, 160)]
    [InlineData(6, 240)]
    [InlineData(7, 240)]
    [InlineData(int.MaxValue, 240)]
    public void AfterAttempt_DoublesToTheLongest(int earlier, int minutes) =>
        new RetrySchedule(NoJitter, new Random(1)).AfterAttempt(earlier).ShouldBe(TimeSpan.FromMinutes(minutes));

    [Theory]
    [InlineData(0, 300)]
    [InlineData(299, 300)]
    [InlineData(300, 300)]
    [InlineData(301, 301)]
    [InlineData(4 * 3600 - 1, 4 * 3600 - 1)]
    [InlineData(4 * 3600, 4 * 3600)]
    [InlineData(4 * 3600 + 1, 4 * 3600)]
    [InlineData(-5, 300)]
    public void AfterSiteTrouble_IsTheAgeBetweenFirstAndLongest(int age, int seconds) =>
        new RetrySchedule(NoJitter, new Random(1)).AfterSiteTrouble(TimeSpan.FromSeconds(age)).ShouldBe(TimeSpan.FromSeconds(seconds));

    [Theory]
    [InlineData(1, 30)]
    [InlineData(2, 60)]
    [InlineData(4, 240)]
    [InlineData(5, 300)]
    [InlineData(6, 300)]
    [InlineData(1000, 300)]
    public void SitePause_DoublesToTheFirstWait(int failures, int seconds) =>
        new RetrySchedule(NoJitter, new Random(1)).SitePause(failures).ShouldBe(TimeSpan.FromSeconds(seconds));

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(50)]
    public void Jitter_StaysWithinItsShare(int percent)
    {
        var schedule = new RetrySchedule(new RetryOptions { JitterPercent = percent }, new Random(42));
        double[] minutes = [.. Enumerable.Range(0, 2000).Select(_ => schedule.AfterAttempt(0).TotalMinutes)];
        minutes.ShouldAllBe(wait => wait >= 5 * (1 - percent / 100.0) && wait <= 5 * (1 + percent / 100.0));
        if (percent == 0) return;
        // It uses what it has, on both sides.
        minutes.Min().ShouldBeLessThan(5 * (1 - 0.9 * percent / 100.0));
        minutes.Max().ShouldBeGreaterThan(5 * (1 + 0.9 * percent / 100.0));
    }

    [Fact]
    public void Problems_BothSidesOfEachBoundary()
    {
        new RetryOptions().Problems().ShouldBeEmpty();
        Keys(new RetryOptions { First = TimeSpan.Zero, SitePause = TimeSpan.Zero, DelayNotice = TimeSpan.Zero, JitterPercent = -1,
            Longest = TimeSpan.FromTicks(-1) })
            .ShouldBe(["first", "longest", "jitter_percent", "site_pause", "delay_notice"]);
        Keys(new RetryOptions { JitterPercent = 50, Longest = TimeSpan.FromMinutes(5) }).ShouldBeEmpty();
        Keys(new RetryOptions { JitterPercent = 51 }).ShouldBe(["jitter_percent"]);
        Keys(new RetryOptions { Longest = TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1) }).ShouldBe(["longest"]);

        static IEnumerable<string> Keys(RetryOptions options) => options.Problems().Select(problem => problem.Key);
    }
}
