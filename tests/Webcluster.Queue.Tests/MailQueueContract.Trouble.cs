using Shouldly;
using Webcluster.Queue.Sessions;
using static Webcluster.Queue.Tests.QueueSamples;

namespace Webcluster.Queue.Tests;

/// <summary>Sites that are slow get fewer sessions; dead ones none.</summary>
public abstract partial class MailQueueContract
{
    [ContractFact]
    public async Task Trouble_OfOneSessionOfSeveral_LetsTheLaneHaveOneFewer()
    {
        await StoreInAsync(Google, 9);
        var open = await OpenAsync(2);

        (await TroubledAsync()).ShouldBe(new LaneTrouble(1, 0));
        await Queue.ReleaseAsync(open[0].Session, CancellationToken.None);

        var refused = await Queue.RefusedAsync(Google);
        (refused.Reason, refused.Until).ShouldBe((WaitReason.SiteTrouble, (DateTimeOffset?)null));
        var lane = (await Queue.LanesAsync(1, CancellationToken.None))[0];
        (lane.Waits, lane.Window, lane.Sessions).ShouldBe((WaitReason.SiteTrouble, 1, 1));
        await Queue.ReleaseAsync(open[1].Session, CancellationToken.None);
        (await Queue.NextAsync()).ShouldBe([Google]);
        await Queue.ClaimAsync(Google);
    }

    [ContractFact]
    public async Task Trouble_SessionThatGoesOn_LetsTheLaneHaveOneMore()
    {
        await StoreInAsync(Google, 9);
        var open = await OpenAsync(2);
        await TroubledAsync();
        await Queue.ReleaseAsync(open[0].Session, CancellationToken.None);

        await Queue.ClaimAsync(Google, 1, open[1].Session);
        await Queue.ClaimAsync(Google, 1, open[1].Session);

        // One wider than what is open, however often it goes on.
        (await Queue.LanesAsync(1, CancellationToken.None))[0].Window.ShouldBe(2);
        (await Queue.NextAsync()).ShouldBe([Google]);
        await Queue.ClaimAsync(Google);
    }

    [ContractFact]
    public async Task Trouble_IdleSessionThatAsksAgain_HasNotGoneOn()
    {
        await StoreInAsync(Google, 2);
        var open = await OpenAsync(2);
        await Queue.RefusedAsync(Google, open[1].Session);
        await TroubledAsync();

        await Queue.RefusedAsync(Google, open[1].Session);

        (await Queue.LanesAsync(1, CancellationToken.None))[0].Window.ShouldBe(1);
    }

    [ContractFact]
    public async Task Trouble_OfAllSessions_IsAnOutage()
    {
        await StoreInAsync(Google, 9);
        var open = await OpenAsync(2);
        (await TroubledAsync()).ShouldBe(new LaneTrouble(1, 0));
        await Queue.ReleaseAsync(open[0].Session, CancellationToken.None);
        (await TroubledAsync()).ShouldBe(new LaneTrouble(1, 1));

        Time.Advance(TimeSpan.FromSeconds(4.9));
        (await TroubledAsync()).ShouldBe(new LaneTrouble(1, 0));
        Time.Advance(TimeSpan.FromSeconds(0.1));
        (await TroubledAsync()).ShouldBe(new LaneTrouble(1, 2));
        await Queue.ClaimAsync(Google, 1, open[1].Session);
        (await TroubledAsync()).ShouldBe(new LaneTrouble(1, 1));
    }

    [ContractFact]
    public async Task Trouble_WhilePaused_IsPartOfTheSameOutage()
    {
        await StoreInAsync(Google, 1);
        (await TroubledAsync()).Outages.ShouldBe(1);
        await Queue.PauseLaneAsync(Google, TimeSpan.FromMinutes(1), CancellationToken.None);
        Time.Advance(TimeSpan.FromSeconds(59));
        (await TroubledAsync()).Outages.ShouldBe(0);
        Time.Advance(TimeSpan.FromSeconds(1));
        (await TroubledAsync()).Outages.ShouldBe(2);
    }

    [ContractFact]
    public async Task Trouble_OfALaneWithoutMail_LeavesNothing()
    {
        (await TroubledAsync()).ShouldBe(new LaneTrouble(1, 1));
        (await Queue.CountAsync(CancellationToken.None)).Lanes.ShouldBe(0);
    }

    private ValueTask<LaneTrouble> TroubledAsync() => Queue.TroubledAsync(Google, CancellationToken.None);

    private async Task<List<ClaimResult.Granted>> OpenAsync(int sessions)
    {
        var open = new List<ClaimResult.Granted>();
        while (open.Count < sessions)
            open.Add(await Queue.ClaimAsync(Google));
        return open;
    }
}
