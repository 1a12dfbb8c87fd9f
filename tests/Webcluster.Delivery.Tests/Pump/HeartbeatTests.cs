using Shouldly;
using Webcluster.Delivery.Pump;
using Webcluster.Queue.Sessions;
using Webcluster.TestKit.Peers;
using Xunit;

namespace Webcluster.Delivery.Tests.Pump;

public class HeartbeatTests
{
    [Fact]
    public async Task Holds_FromTheFirstBeatUntilTheMarginBeforeExpiry()
    {
        await using var server = ScriptedServer.Start();
        await using var bench = new PumpBench(server);
        var heartbeat = bench.Heartbeat;
        heartbeat.Holds(heartbeat.Lease).ShouldBeFalse("no beat yet");
        await heartbeat.BeatAsync(CancellationToken.None);
        var lease = heartbeat.Lease;
        heartbeat.Holds(lease).ShouldBeTrue();
        bench.Clock.Advance(TimeSpan.FromSeconds(8) - TimeSpan.FromTicks(1));
        heartbeat.Holds(lease).ShouldBeTrue();
        bench.Clock.Advance(TimeSpan.FromTicks(1));
        heartbeat.Holds(lease).ShouldBeFalse();
    }

    [Fact]
    public async Task Holds_AfterAGap_OnlyWhatWasClaimedSince()
    {
        await using var server = ScriptedServer.Start();
        await using var bench = new PumpBench(server);
        var heartbeat = bench.Heartbeat;
        await heartbeat.BeatAsync(CancellationToken.None);
        var before = heartbeat.Lease;
        bench.Clock.Advance(TimeSpan.FromSeconds(7));
        await heartbeat.BeatAsync(CancellationToken.None);
        heartbeat.Holds(before).ShouldBeTrue("no gap");
        bench.Clock.Advance(TimeSpan.FromSeconds(8));
        await heartbeat.BeatAsync(CancellationToken.None);
        heartbeat.Holds(before).ShouldBeFalse();
        heartbeat.Holds(heartbeat.Lease).ShouldBeTrue();
    }

    [Fact]
    public async Task Beat_ADeadNodeTakesLongToReap_LeaseIsFresh()
    {
        await using var server = ScriptedServer.Start();
        await using var bench = new PumpBench(server);
        var reaped = new TaskCompletionSource();
        bench.Queue.ReapGate = reaped.Task;
        await bench.Queue.BeatAsync(new NodeId("dead"), CancellationToken.None);
        await bench.Housekeeping.StartAsync(CancellationToken.None);
        await BeatAsync(times: 6);
        await Patience.Until(() => bench.Queue.Diary.Contains("reap"), "the dead node is being reaped");

        await BeatAsync(times: 6);

        bench.Heartbeat.IsFresh.ShouldBeTrue();
        reaped.SetResult();
        await bench.Housekeeping.StopAsync(CancellationToken.None);

        async Task BeatAsync(int times)
        {
            for (var beat = 0; beat < times; beat++)
            {
                bench.Clock.Advance(Heartbeat.Interval);
                await bench.Heartbeat.BeatAsync(CancellationToken.None).Soon();
            }
        }
    }

    [Fact]
    public async Task Stop_InOrder_NodeIsForgottenAtOnce()
    {
        await using var server = ScriptedServer.Start();
        await using var bench = new PumpBench(server);
        await bench.Heartbeat.StartAsync(CancellationToken.None);
        await Patience.Until(() => bench.Heartbeat.IsFresh, "a beat");

        await bench.Heartbeat.StopAsync(CancellationToken.None);

        bench.Clock.Advance(TimeSpan.FromSeconds(11));
        (await bench.Queue.BeatAsync(new NodeId("other"), CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Beat_GivesBackWhatDeadNodesHeld()
    {
        await using var server = ScriptedServer.Start();
        await using var bench = new PumpBench(server);
        await bench.AcceptAsync("a@to.test");
        var dead = new NodeId("dead");
        await bench.Queue.BeatAsync(dead, CancellationToken.None);
        (await bench.Queue.ClaimAsync(new ClaimRequest(dead, PumpBench.Lane, null, 1, 1000), CancellationToken.None))
            .ShouldBeOfType<ClaimResult.Granted>();
        await bench.AdvanceAsync(TimeSpan.FromSeconds(9));
        (await bench.Queue.CountAsync(CancellationToken.None)).Claimed.ShouldBe(1);
        await bench.AdvanceAsync(TimeSpan.FromSeconds(3));
        (await bench.Queue.CountAsync(CancellationToken.None)).Ready.ShouldBe(1);
    }
}
