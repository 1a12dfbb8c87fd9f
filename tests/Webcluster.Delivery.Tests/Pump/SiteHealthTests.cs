using Shouldly;
using Webcluster.Delivery.Pump;
using Webcluster.Queue.Lanes;
using Webcluster.TestKit.Peers;
using Xunit;

namespace Webcluster.Delivery.Tests.Pump;

public class SiteHealthTests
{
    private static readonly LaneKey Other = new("other", "other", "default");

    [Fact]
    public async Task Failed_AfterEachPause_PausesForLongerUntilASuccess()
    {
        await using var server = ScriptedServer.Start();
        await using var bench = new PumpBench(server);
        var health = new SiteHealth(bench.Queue, bench.Schedule, bench.Clock);
        foreach (var seconds in new[] { 30, 60, 120 })
        {
            (await health.FailedAsync(PumpBench.Lane, CancellationToken.None)).ShouldBe(TimeSpan.FromSeconds(seconds));
            bench.Clock.Advance(TimeSpan.FromSeconds(seconds));
        }

        (await health.FailedAsync(Other, CancellationToken.None)).ShouldBe(TimeSpan.FromSeconds(30));
        health.Succeeded(PumpBench.Lane);
        (await health.FailedAsync(PumpBench.Lane, CancellationToken.None)).ShouldBe(TimeSpan.FromSeconds(30));
        bench.Queue.Pauses.Select(pause => pause.Pause.TotalSeconds).ShouldBe([30, 60, 120, 30, 30]);
    }

    [Fact]
    public async Task Failed_DuringAPause_DoesNotMakeItLonger()
    {
        await using var server = ScriptedServer.Start();
        await using var bench = new PumpBench(server);
        var health = new SiteHealth(bench.Queue, bench.Schedule, bench.Clock);
        await health.FailedAsync(PumpBench.Lane, CancellationToken.None);
        bench.Clock.Advance(TimeSpan.FromSeconds(10));
        (await health.FailedAsync(PumpBench.Lane, CancellationToken.None)).ShouldBe(TimeSpan.FromSeconds(20));
    }
}
