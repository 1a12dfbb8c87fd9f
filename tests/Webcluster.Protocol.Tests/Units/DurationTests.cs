using Shouldly;
using Webcluster.Protocol.Units;
using Xunit;

namespace Webcluster.Protocol.Tests.Units;

public sealed class DurationTests
{
    [Theory]
    [InlineData("0", 0, "0s")]
    [InlineData("0s", 0, "0s")]
    [InlineData("200ms", 200, "200ms")]
    [InlineData("999ms", 999, "999ms")]
    [InlineData("1000ms", 1_000, "1s")]
    [InlineData("90s", 90_000, "1m30s")]
    [InlineData("5m", 300_000, "5m")]
    [InlineData("1h30m", 5_400_000, "1h30m")]
    [InlineData("24h", 86_400_000, "1d")]
    [InlineData("5d", 432_000_000, "5d")]
    [InlineData("1d2h3m4s5ms", 93_784_005, "1d2h3m4s5ms")]
    [InlineData("10675199d", 922_337_193_600_000, "10675199d")]
    public void TryParse_Duration_HasLengthAndRoundTrips(string text, long milliseconds, string formatted)
    {
        Duration.TryParse(text, out var duration).ShouldBeTrue();
        duration.ShouldBe(TimeSpan.FromTicks(milliseconds * TimeSpan.TicksPerMillisecond));
        Duration.Format(duration).ShouldBe(formatted);
        Duration.TryParse(formatted, out var again).ShouldBeTrue();
        again.ShouldBe(duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("00")]
    [InlineData("m")]
    [InlineData("-5m")]
    [InlineData("1.5h")]
    [InlineData("5 m")]
    [InlineData("5m ")]
    [InlineData("5M")]
    [InlineData("5min")]
    [InlineData("1m1h")]
    [InlineData("1h1h")]
    [InlineData("1ms1s")]
    [InlineData("10675200d")]
    [InlineData("10675199d23h")]
    [InlineData("99999999999999999999s")]
    public void TryParse_NoDuration_IsFalse(string text)
    {
        Duration.TryParse(text, out var duration).ShouldBeFalse();
        duration.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void Format_BelowTheMillisecond_LeavesItOut() => Duration.Format(TimeSpan.FromTicks(12_345)).ShouldBe("1ms");
}
