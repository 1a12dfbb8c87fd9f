using Shouldly;
using Webcluster.Delivery.Pump;
using Webcluster.Queue.Lanes;
using Webcluster.TestKit.Peers;
using Xunit;

namespace Webcluster.Delivery.Tests.Pump;

public class SiteHealthTests
{
    [Fact]
    public async Task Failed_InARow_PausesForLongerEachTimeUntilASuccess()
    {
        await using var server = ScriptedServer.Start();
        await using var bench = new PumpBench(server);
        var health = new SiteHealth(bench.Queue, bench.Schedule);
        var other = new LaneKey("other", "other", "default");
        foreach (var lane in new[] { PumpBench.Lane, PumpBench.Lane, other, PumpBench.Lane }) await health.FailedAsync(lane,
            CancellationToken.None);
        health.Succeeded(PumpBench.Lane);
        (await health.FailedAsync(PumpBench.Lane, CancellationToken.None)).ShouldBe(TimeSpan.FromSeconds(30));
        (await health.FailedAsync(other, CancellationToken.None)).ShouldBe(TimeSpan.FromSeconds(60));
        bench.Queue.Pauses.Select(pause => pause.Pause.TotalSeconds).ShouldBe([30, 60, 30, 120, 30, 60]);
    }
}
