using Shouldly;
using Webcluster.Providers.Model;
using Webcluster.Queue.Traffic;
using Webcluster.TestKit.Time;
using Xunit;

namespace Webcluster.EndToEnd.Providers;

public sealed class TokenBucketTests
{
    [Theory]
    [InlineData("60/min,burst=1", 0, 1)]
    [InlineData("60/min,burst=1", 999, 0)]
    [InlineData("60/min,burst=1", 1000, 1)]
    [InlineData("60/min,burst=1", 90_000, 1)]
    [InlineData("20/s,burst=20", 0, 20)]
    [InlineData("20/s,burst=20", 49, 0)]
    [InlineData("20/s,burst=20", 50, 1)]
    [InlineData("20/s,burst=20", 500, 10)]
    [InlineData("20/s,burst=20", 5000, 20)]
    [InlineData("10/min,burst=10", 59_999, 9)]
    public void Bucket_AfterSoLong_GivesSoMany(string rate, int milliseconds, int expected)
    {
        var clock = new ManualClock();
        var bucket = new TokenBucket(Rate.Parse(rate));
        if (milliseconds > 0) Drain(bucket, clock);
        clock.Advance(TimeSpan.FromMilliseconds(milliseconds));

        Drain(bucket, clock).ShouldBe(expected);
    }

    [Fact]
    public void Bucket_AskedAllTheTime_GivesTheRateAndOneBurst()
    {
        var clock = new ManualClock();
        var bucket = new TokenBucket(Rate.Parse("7/s,burst=7"));
        var taken = 0;
        for (var i = 0; i < 60_000; i++, clock.Advance(TimeSpan.FromMilliseconds(1)))
            if (bucket.TryTake(clock.Now))
                taken++;

        taken.ShouldBeInRange(60 * 7 + 6, 60 * 7 + 7);
    }

    private static int Drain(TokenBucket bucket, ManualClock clock)
    {
        var taken = 0;
        while (bucket.TryTake(clock.Now)) taken++;
        return taken;
    }
}
