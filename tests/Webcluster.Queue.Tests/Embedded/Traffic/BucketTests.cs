using Shouldly;
using Webcluster.Queue.Embedded.Traffic;
using Webcluster.Queue.Traffic;
using Xunit;

namespace Webcluster.Queue.Tests.Embedded.Traffic;

public sealed class BucketTests
{
    private const double Second = 1_000_000;

    /// <summary>The microseconds of a day in 2026.</summary>
    private const double Start = 1_795_314_896_000_000;

    public static TheoryData<string> Rates =>
        ["1/s", "7/s,burst=1", "7/s,burst=3", "20/s", "100/min", "13/h,burst=5", "1/d", "1/d,burst=3", "1000000000/s,burst=5", "999/s,burst=1000"];

    [Theory]
    [MemberData(nameof(Rates))]
    public void Gives_Full_IsTheBurst(string rate)
    {
        var pace = Pace.Of(Rate.Parse(rate));

        default(Bucket).Gives(pace, Start).ShouldBeInRange(pace.Burst, pace.Burst + 1 / pace.Interval);
    }

    [Theory]
    [MemberData(nameof(Rates))]
    public void GivesAt_Empty_IsWhenItGivesOneAndNotAMicrosecondLongBefore(string rate)
    {
        var pace = Pace.Of(Rate.Parse(rate));
        var (bucket, now) = (default(Bucket).Without(pace.Burst, pace, Start), Start);
        if (pace.Interval < 2)
            return;
        for (var i = 0; i < 1000; i++)
        {
            bucket.Gives(pace, now).ShouldBeLessThan(1);
            now = bucket.GivesAt(pace, now);
            bucket.Gives(pace, now - 2).ShouldBeLessThan(1);
            bucket.Gives(pace, now).ShouldBe(1);
            bucket = bucket.Without(1, pace, now);
        }

        (now - Start).ShouldBeInRange(1000 * pace.Interval - 1000, 1000 * pace.Interval + 1000);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(99_998, 0)]
    [InlineData(100_000, 1)]
    [InlineData(199_998, 1)]
    [InlineData(200_000, 2)]
    [InlineData(500_000, 5)]
    [InlineData(3_600_000_000, 5)]
    public void Gives_AfterATime_IsWhatFilledUpAndNeverMoreThanTheBurst(double microseconds, double expected)
    {
        var pace = Pace.Of(Rate.Parse("10/s,burst=5"));

        default(Bucket).Without(5, pace, Start).Gives(pace, Start + microseconds).ShouldBe(expected);
    }

    [Fact]
    public void Without_MoreThanThereIs_IsOwedWhereItMayBe()
    {
        var pace = Pace.Of(Rate.Parse("100/s,burst=100"));

        var bucket = default(Bucket).Without(1000, pace, Start, mayOwe: true);

        bucket.GivesAt(pace, Start, mayOwe: true).ShouldBe(Start + 9 * Second + 10_000);
        bucket.Gives(pace, Start + 9 * Second, mayOwe: true).ShouldBe(0);
        bucket.Gives(pace, Start + 9 * Second + 10_000, mayOwe: true).ShouldBe(1);
    }

    [Fact]
    public void Gives_LimitRaisedByFar_ForgetsWhatWasOwedAtTheOldPace()
    {
        var bucket = default(Bucket).Without(1, Pace.Of(Rate.Parse("1/d")), Start);
        var raised = Pace.Of(Rate.Parse("100/s,burst=10"));

        bucket.Gives(raised, Start).ShouldBe(0);
        bucket.GivesAt(raised, Start).ShouldBe(Start + 10_000);
        bucket.Without(1, raised, Start + 10_000).Full.ShouldBe(Start + 120_000);
    }

    [Fact]
    public void Gives_ClockSetBack_WaitsNoLongerThanForAnEmptyBucket()
    {
        var pace = Pace.Of(Rate.Parse("10/s,burst=2"));
        var bucket = default(Bucket).Without(2, pace, Start);

        bucket.GivesAt(pace, Start - 3600 * Second).ShouldBe(Start - 3600 * Second + 100_000);
    }

    [Theory]
    [InlineData(1d / 60, 60_000_000, 1)]
    [InlineData(5, 200_000, 1)]
    [InlineData(10, 100_000, 1)]
    [InlineData(10.5, 95_238.095238095237, 2)]
    [InlineData(400, 2_500, 40)]
    public void Pace_OfMessagesASecond_GivesATenthOfASecondAtOnce(double rate, double interval, double burst) =>
        Pace.Of(rate).ShouldBe(new Pace(interval, burst));
}
