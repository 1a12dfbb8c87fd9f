using Shouldly;
using Webcluster.Queue.Embedded.Traffic;
using Xunit;

namespace Webcluster.Queue.Tests.Embedded.Traffic;

public sealed class AdaptationTests
{
    private const double Start = 1_795_314_896_000_000;
    private const double Second = 1_000_000;

    [Theory]
    [InlineData(0.5, 10, 5)]
    [InlineData(0.1, 10, 1)]
    [InlineData(0.5, 0, 5d / 60)]
    [InlineData(0.5, 0.1, 5d / 60)]
    [InlineData(0.1, 0, 1d / 60)]
    [InlineData(0, 10, 1d / 60)]
    [InlineData(-1, 10, 1d / 60)]
    public void SlowDown_OfTheMeasuredRate_IsNeverLessThanOneAMinute(double factor, double measured, double expected)
    {
        var adaptation = new Adaptation();

        adaptation.TrySlowDown(factor, measured, Start).ShouldBeTrue();

        adaptation.RateAt(Start).ShouldBe(expected);
    }

    [Theory]
    [InlineData(0, 5d)]
    [InlineData(59.999999, 5d)]
    [InlineData(60, 6d)]
    [InlineData(4 * 60, 9d)]
    [InlineData(14 * 60 + 59, 12d)]
    [InlineData(39 * 60 + 59, 98.25)]
    [InlineData(40 * 60, null)]
    [InlineData(86_400, null)]
    public void Rate_MinuteByMinute_ComesBackStaysAndGrows(double seconds, double? expected)
    {
        var adaptation = new Adaptation();
        adaptation.TrySlowDown(0.5, 10, Start);

        (adaptation.RateAt(Start + seconds * Second) is { } rate ? Math.Round(rate, 9) : null as double?).ShouldBe(expected);
    }

    [Fact]
    public void Rate_LoweredByLittle_DoesNotFall()
    {
        var adaptation = new Adaptation();
        adaptation.TrySlowDown(0.95, 10, Start);

        for (var minute = 0; minute < 8; minute++)
            adaptation.RateAt(Start + minute * 60 * Second).ShouldBe(9.5);
    }

    [Fact]
    public void SlowDown_AfterTheRateWasForgotten_StartsAtTheMeasuredOne()
    {
        var adaptation = new Adaptation();
        adaptation.TrySlowDown(0.5, 10, Start);

        adaptation.TrySlowDown(0.5, 100, Start + 3600 * Second).ShouldBeTrue();

        adaptation.RateAt(Start + 3600 * Second).ShouldBe(50);
    }

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(1, 60, 2)]
    [InlineData(1, 3 * 60, null)]
    [InlineData(5, 0, 4)]
    [InlineData(5, 60, 5)]
    [InlineData(5, 5 * 60, 9)]
    [InlineData(5, 6 * 60, null)]
    public void Connections_MinuteByMinute_GrowByOneUntilTwiceOfWhatTheyWere(int open, double seconds, int? expected)
    {
        var adaptation = new Adaptation();
        adaptation.TryFewerConnections(open, Start).ShouldBeTrue();

        adaptation.ConnectionsAt(Start + seconds * Second).ShouldBe(expected);
    }

    [Fact]
    public void EachKind_AMomentAfterAnother_IsItsOwn()
    {
        var adaptation = new Adaptation();
        adaptation.TrySlowDown(0.5, 10, Start).ShouldBeTrue();

        adaptation.TryFewerConnections(5, Start + Second).ShouldBeTrue();
        adaptation.TryFewerConnections(5, Start + 5.999999 * Second).ShouldBeFalse();
        adaptation.TryFewerConnections(5, Start + 6 * Second).ShouldBeTrue();
        adaptation.TrySlowDown(0.5, 10, Start + 19.999999 * Second).ShouldBeFalse();
        adaptation.TrySlowDown(0.5, 10, Start + 20 * Second).ShouldBeTrue();
    }

    [Theory]
    [InlineData(9.5, 70 / 60d)]
    [InlineData(59.999999, 70 / 60d)]
    [InlineData(60, 70 / 60d)]
    [InlineData(90, 35 / 60d)]
    [InlineData(120, 0)]
    [InlineData(1000, 0)]
    public void Meter_OverItsWindows_CountsTheLastSixtySeconds(double seconds, double expected)
    {
        var meter = new MessageMeter();
        var window = Math.Ceiling(Start / 60_000_000) * 60_000_000;
        meter.Count(30, window);
        meter.Count(40, window + 9 * Second);

        meter.At(window + seconds * Second).ShouldBe(expected, 0.001);
    }
}
