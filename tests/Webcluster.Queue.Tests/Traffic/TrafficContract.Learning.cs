using Shouldly;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Traffic;
using Xunit;
using static Webcluster.Queue.Tests.QueueSamples;

namespace Webcluster.Queue.Tests.Traffic;

public abstract partial class TrafficContract
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task SlowDown_FromTheMeasuredRate_IsHalfOfItAndRecovers()
    {
        await SendForAWindowAsync("a", 100);

        (await AdjustAsync("a", new Adjustment.SlowDown())).ShouldBeTrue();

        var status = await StatusAsync("a");
        status.MessageRate.ShouldBe(5);
        status.Reply.ShouldBe("421 slow down");
        status.ChangedAt.ShouldBe(Now);
        double?[] expected = [6, 7, 8, 9, 10];
        foreach (var rate in expected)
        {
            Time.Advance(Minute - TimeSpan.FromSeconds(1));
            (await StatusAsync("a")).MessageRate.ShouldBe(rate - 1);
            Time.Advance(TimeSpan.FromSeconds(1));
            (await StatusAsync("a")).MessageRate.ShouldBe(rate);
        }
        Time.Advance(9 * Minute);
        (await StatusAsync("a")).MessageRate.ShouldBe(19);
        Time.Advance(Minute);
        (await Control.TrafficAsync("google", CancellationToken.None)).ShouldAllBe(other => other.MessageRate == null);
    }

    [Fact]
    public async Task SlowDown_Repeated_CountsOnceInFiveSeconds()
    {
        await SendForAWindowAsync("a", 400);
        (await AdjustAsync("a", new Adjustment.SlowDown())).ShouldBeTrue();

        Time.Advance(TimeSpan.FromMilliseconds(4999));
        (await AdjustAsync("a", new Adjustment.SlowDown())).ShouldBeFalse();
        (await StatusAsync("a")).MessageRate.ShouldBe(20);
        Time.Advance(TimeSpan.FromMilliseconds(1));
        (await AdjustAsync("a", new Adjustment.SlowDown(0.25))).ShouldBeTrue();
        (await StatusAsync("a")).MessageRate.ShouldBe(5);
        // A tenth of the 20 that it was before.
        Time.Advance(Minute);
        (await StatusAsync("a")).MessageRate.ShouldBe(7);
    }

    [Fact]
    public async Task SlowDown_NothingMeasured_IsOneAMinute()
    {
        await AdjustAsync("a", new Adjustment.SlowDown());

        (await StatusAsync("a")).MessageRate.ShouldBe(1d / 60);
    }

    [Fact]
    public async Task SlowDown_InForce_HoldsTheSourceAndNoOther()
    {
        await SendForAWindowAsync("a", 100);
        await AdjustAsync("a", new Adjustment.SlowDown());
        await FillAsync(Google, 20);
        await FillAsync(Yahoo, 20);

        // Five a second, one at once.
        var claim = await GrantedAsync(Google, From(Source("a")), 10);
        claim.Deliveries.Count.ShouldBe(1);
        await RefusedAsync(Google, From(Source("a")), WaitReason.RateLimit, Now.AddMilliseconds(200), claim.Session);
        (await GrantedAsync(Google, From(Source("b")), 10)).Deliveries.Count.ShouldBe(10);
        (await GrantedAsync(Yahoo, From(Source("a")), 10)).Deliveries.Count.ShouldBe(10);
    }

    [Fact]
    public async Task FewerConnections_IsOneLessThanAreOpenAndRecovers()
    {
        var offer = From(Source("a"));
        await FillAsync(Google, 20);
        var open = new List<ClaimResult.Granted>();
        for (var i = 0; i < 4; i++)
            open.Add(await GrantedAsync(Google, offer));

        (await AdjustAsync("a", new Adjustment.FewerConnections())).ShouldBeTrue();
        (await AdjustAsync("a", new Adjustment.FewerConnections())).ShouldBeFalse();

        (await StatusAsync("a")).MostConnections.ShouldBe(3);
        await RefusedAsync(Google, offer, WaitReason.ConnectionLimit);
        await ReleaseAsync(open[0]);
        await RefusedAsync(Google, offer, WaitReason.ConnectionLimit);
        Time.Advance(Minute);
        (await StatusAsync("a")).MostConnections.ShouldBe(4);
        await GrantedAsync(Google, offer);
        Time.Advance(3 * Minute);
        (await StatusAsync("a")).MostConnections.ShouldBe(7);
        Time.Advance(Minute);
        (await StatusAsync("a")).MostConnections.ShouldBeNull();
    }

    [Fact]
    public async Task FewerConnections_OneOrNoneOpen_LeavesOne()
    {
        await AdjustAsync("a", new Adjustment.FewerConnections());

        (await StatusAsync("a")).MostConnections.ShouldBe(1);
        Time.Advance(Minute);
        (await Control.TrafficAsync("google", CancellationToken.None)).ShouldAllBe(status => status.MostConnections == null);
    }

    [Fact]
    public async Task MessagesPerConnection_IsLearnedForADay()
    {
        var offer = From(Source("a"));
        await FillAsync(Google, 99);
        var claim = await GrantedAsync(Google, offer, 3);

        (await AdjustAsync("a", new Adjustment.MessagesPerConnection(3))).ShouldBeTrue();
        (await AdjustAsync("a", new Adjustment.MessagesPerConnection(3))).ShouldBeFalse();

        (await StatusAsync("a")).MessagesPerConnection.ShouldBe(3);
        await RefusedAsync(Google, offer, WaitReason.SessionExhausted, session: claim.Session);
        (await GrantedAsync(Google, offer, 10)).Deliveries.Count.ShouldBe(3);
        Time.Advance(TimeSpan.FromDays(1) - TimeSpan.FromMilliseconds(1));
        (await GrantedAsync(Google, offer, 10)).Deliveries.Count.ShouldBe(3);
        Time.Advance(TimeSpan.FromMilliseconds(1));
        (await GrantedAsync(Google, offer, 10)).Deliveries.Count.ShouldBe(10);
    }

    [Fact]
    public async Task Suspend_Again_IsNeverOverSooner()
    {
        (await AdjustAsync("a", new Adjustment.Suspend(TimeSpan.FromHours(2)))).ShouldBeTrue();
        var until = Now.AddHours(2);

        Time.Advance(TimeSpan.FromHours(1));
        (await AdjustAsync("a", new Adjustment.Suspend(TimeSpan.FromMinutes(59)))).ShouldBeFalse();
        (await StatusAsync("a")).SuspendedUntil.ShouldBe(until);
        (await AdjustAsync("a", new Adjustment.Suspend(TimeSpan.FromHours(2)))).ShouldBeTrue();
        (await StatusAsync("a")).SuspendedUntil.ShouldBe(until.AddHours(1));
    }

    [Fact]
    public async Task Adjust_LongReply_IsCut()
    {
        await Control.AdjustAsync("google", "a", new Adjustment.Suspend(Minute), new string('x', 5000), CancellationToken.None);

        (await StatusAsync("a")).Reply.ShouldBe(new string('x', 500));
    }

    /// <summary>Sends so many within one window of ten seconds, and stops in the next.</summary>
    private async Task SendForAWindowAsync(string source, int messages)
    {
        var into = TimeSpan.FromTicks(Now.UtcTicks % TimeSpan.FromSeconds(10).Ticks);
        Time.Advance(TimeSpan.FromSeconds(11) - into);
        await FillAsync(Google, messages);
        for (var left = messages; left > 0;)
        {
            var claim = await GrantedAsync(Google, From(Source(source)), left);
            left -= claim.Deliveries.Count;
            await SentAsync(claim);
        }
        Time.Advance(TimeSpan.FromSeconds(10));
    }
}
