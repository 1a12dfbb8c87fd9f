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
    public async Task Failed_AfterEachPause_PausesForLonger()
    {
        await using var server = ScriptedServer.Start();
        await using var bench = new PumpBench(server);
        var health = new SiteHealth(bench.Queue, bench.Schedule);
        await bench.AcceptAsync("a@to.test");
        foreach (var seconds in new[] { 30, 60, 120 })
        {
            (await health.FailedAsync(PumpBench.Lane, CancellationToken.None)).ShouldBe((1, TimeSpan.FromSeconds(seconds)));
            bench.Clock.Advance(TimeSpan.FromSeconds(seconds));
        }

        (await health.FailedAsync(Other, CancellationToken.None)).ShouldBe((1, TimeSpan.FromSeconds(30)));
        bench.Queue.Pauses.Select(pause => pause.Pause.TotalSeconds).ShouldBe([30, 60, 120, 30]);
    }

    [Fact]
    public async Task Failed_DuringAPause_IsPartOfTheSame()
    {
        await using var server = ScriptedServer.Start();
        await using var bench = new PumpBench(server);
        var health = new SiteHealth(bench.Queue, bench.Schedule);
        await bench.AcceptAsync("a@to.test");
        await health.FailedAsync(PumpBench.Lane, CancellationToken.None);
        bench.Clock.Advance(TimeSpan.FromSeconds(10));
        (await health.FailedAsync(PumpBench.Lane, CancellationToken.None)).ShouldBe((1, TimeSpan.Zero));
        bench.Queue.Pauses.Count.ShouldBe(1);
    }
}
