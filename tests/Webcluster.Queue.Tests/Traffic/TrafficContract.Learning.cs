using Shouldly;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Traffic;
using static Webcluster.Queue.Tests.QueueSamples;

namespace Webcluster.Queue.Tests.Traffic;

public abstract partial class TrafficContract
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [ContractFact]
    public async Task SlowDown_FromTheMeasuredRate_IsHalfOfItAndRecovers()
    {
        await SendForAMinuteAsync("a", 600);

        (await AdjustAsync("a", new Adjustment.SlowDown())).ShouldBeTrue();

        var status = await StatusAsync("a");
        status.MessageRate.ShouldBe(5);
        status.Reply.ShouldBe("421 slow down");
        status.ChangedAt.ShouldBe(Now);
        var changed = Now;
        // Quickly to nine tenths of what it was, about there for a while, and on.
        (int Minutes, double Rate)[] expected = [(1, 6), (2, 7), (3, 8), (4, 9), (5, 9.102), (9, 9.75), (14, 12), (24, 27), (39, 98.25)];
        foreach (var (minutes, rate) in expected)
        {
            Time.Advance(changed + minutes * Minute - Now);
            (await StatusAsync("a")).MessageRate!.Value.ShouldBe(rate, 1e-9);
            Time.Advance(Minute - TimeSpan.FromSeconds(1));
            (await StatusAsync("a")).MessageRate!.Value.ShouldBe(rate, 1e-9);
        }
        Time.Advance(TimeSpan.FromSeconds(1));
        (await Control.TrafficAsync("google", CancellationToken.None)).ShouldAllBe(other => other.MessageRate == null);
    }

    [ContractFact]
    public async Task SlowDown_InTheMiddleOfAMinute_CountsSixtySeconds()
    {
        await SendForAMinuteAsync("a", 600);
        Time.Advance(TimeSpan.FromSeconds(15));
        await SendAsync("a", 30);

        await AdjustAsync("a", new Adjustment.SlowDown());

        // Three quarters of the minute before, and what came in this one.
        (await StatusAsync("a")).MessageRate.ShouldBe((450 + 30) / 60d / 2);
    }

    [ContractFact]
    public async Task SlowDown_Repeated_CountsOnceInTwentySeconds()
    {
        await SendForAMinuteAsync("a", 2400);
        (await AdjustAsync("a", new Adjustment.SlowDown())).ShouldBeTrue();

        Time.Advance(TimeSpan.FromMilliseconds(19_999));
        (await AdjustAsync("a", new Adjustment.SlowDown())).ShouldBeFalse();
        (await StatusAsync("a")).MessageRate.ShouldBe(20);
        Time.Advance(TimeSpan.FromMilliseconds(1));
        (await AdjustAsync("a", new Adjustment.SlowDown(0.25))).ShouldBeTrue();
        (await StatusAsync("a")).MessageRate.ShouldBe(5);
        // A quarter of the way to nine tenths of the 20 that it was before.
        Time.Advance(Minute);
        (await StatusAsync("a")).MessageRate.ShouldBe(8.25);
    }

    [ContractFact]
    public async Task SlowDown_NothingMeasured_IsHalfOfTenAMinuteAndNeverLessThanOne()
    {
        await AdjustAsync("a", new Adjustment.SlowDown());
        (await StatusAsync("a")).MessageRate.ShouldBe(5d / 60);

        for (var i = 0; i < 5; i++)
        {
            Time.Advance(TimeSpan.FromSeconds(20));
            (await AdjustAsync("a", new Adjustment.SlowDown())).ShouldBeTrue();
        }

        (await StatusAsync("a")).MessageRate.ShouldBe(1d / 60);
    }

    [ContractFact]
    public async Task SlowDown_InForce_HoldsTheSourceAndNoOther()
    {
        await SendForAMinuteAsync("a", 600);
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

    [ContractFact]
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

    [ContractFact]
    public async Task FewerConnections_WhenOneMoreWasTried_WaitsTwiceAsLong()
    {
        await AdjustAsync("a", new Adjustment.FewerConnections());
        var offer = From(Source("a"));
        await FillAsync(Google, 99);
        await GrantedAsync(Google, offer);
        foreach (var wait in new[] { 1, 2, 4, 8, 16, 32, 64, 64 })
        {
            // Not tried yet, so the same failure still.
            Time.Advance(TimeSpan.FromSeconds(5));
            (await AdjustAsync("a", new Adjustment.FewerConnections())).ShouldBeTrue();
            Time.Advance(wait * Minute - TimeSpan.FromSeconds(1));
            (await StatusAsync("a")).MostConnections.ShouldBe(1);
            Time.Advance(TimeSpan.FromSeconds(1));
            var second = await GrantedAsync(Google, offer);
            await RefusedAsync(Google, offer, WaitReason.ConnectionLimit);
            (await AdjustAsync("a", new Adjustment.FewerConnections())).ShouldBeTrue();
            await ReleaseAsync(second);
        }
    }

    [ContractFact]
    public async Task FewerConnections_OneOrNoneOpen_LeavesOne()
    {
        await AdjustAsync("a", new Adjustment.FewerConnections());

        foreach (var connections in new[] { 1, 2, 3 })
        {
            (await StatusAsync("a")).MostConnections.ShouldBe(connections);
            Time.Advance(Minute);
        }
        (await Control.TrafficAsync("google", CancellationToken.None)).ShouldAllBe(status => status.MostConnections == null);
    }

    [ContractFact]
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
        Time.Jump(TimeSpan.FromDays(1) - TimeSpan.FromMilliseconds(1));
        (await GrantedAsync(Google, offer, 10)).Deliveries.Count.ShouldBe(3);
        Time.Advance(TimeSpan.FromMilliseconds(1));
        (await GrantedAsync(Google, offer, 10)).Deliveries.Count.ShouldBe(10);
    }

    [ContractFact]
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

    [ContractFact]
    public async Task Adjust_LongReply_IsCut()
    {
        await Control.AdjustAsync("google", "a", new Adjustment.Suspend(Minute), new string('x', 5000), CancellationToken.None);

        (await StatusAsync("a")).Reply.ShouldBe(new string('x', 500));
    }

    /// <summary>Sends so many within a minute of the clock; when it returns the next one has just begun.</summary>
    private async Task SendForAMinuteAsync(string source, int messages)
    {
        var left = Minute - TimeSpan.FromTicks(Now.UtcTicks % Minute.Ticks);
        Time.Advance(left + TimeSpan.FromSeconds(1));
        await SendAsync(source, messages);
        Time.Advance(Minute - TimeSpan.FromSeconds(1));
    }

    private async Task SendAsync(string source, int messages)
    {
        await FillAsync(Google, messages);
        for (var left = messages; left > 0;)
        {
            var claim = await GrantedAsync(Google, From(Source(source)), left);
            left -= claim.Deliveries.Count;
            await SentAsync(claim);
        }
    }
}
