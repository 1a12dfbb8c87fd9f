using Shouldly;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Sessions;
using static Webcluster.Queue.Tests.QueueSamples;

namespace Webcluster.Queue.Tests;

public abstract partial class MailQueueContract
{
    [ContractFact]
    public async Task Claim_MoreSessionsThanConnections_IsRefusedOverAllPools()
    {
        await StoreInAsync(Google, 5);
        await StoreInAsync(GoogleBulk, 5);
        await Queue.ClaimAsync(Google);
        await Queue.ClaimAsync(GoogleBulk);

        (await Queue.RefusedAsync(Google)).Reason.ShouldBe(WaitReason.ConnectionLimit);
        (await Queue.RefusedAsync(GoogleBulk)).Reason.ShouldBe(WaitReason.ConnectionLimit);
        (await Queue.LanesAsync(2, CancellationToken.None)).ShouldAllBe(lane => lane.Waits == WaitReason.ConnectionLimit);
    }

    [ContractFact]
    public async Task Claim_OtherSiteOrProvider_HasItsOwnSlots()
    {
        var sameSite = new LaneKey("other", Google.Site, Google.Pool);
        var sameProvider = new LaneKey(Google.Provider, "mx2.google.example", Google.Pool);
        foreach (var lane in new[] { Google, sameSite, sameProvider })
            await StoreInAsync(lane, 2);
        await Queue.ClaimAsync(Google);
        await Queue.ClaimAsync(Google);

        (await Queue.ClaimAsync(sameSite)).Deliveries.Count.ShouldBe(1);
        (await Queue.ClaimAsync(sameProvider)).Deliveries.Count.ShouldBe(1);
    }

    [ContractFact]
    public async Task Claim_NoSlotFree_OpenSessionStillExtends()
    {
        await StoreInAsync(Google, 5);
        var first = await Queue.ClaimAsync(Google);
        await Queue.ClaimAsync(Google);

        (await Queue.ClaimAsync(Google, 1, first.Session)).Session.ShouldBe(first.Session);
    }

    [ContractFact]
    public async Task NextLanes_NoSlotFree_NamesTheLaneWhenOneIs()
    {
        await StoreInAsync(Google, 5);
        var first = await Queue.ClaimAsync(Google);
        await Queue.ClaimAsync(Google);
        var next = Queue.NextAsync();
        await Task.Yield();
        next.IsCompleted.ShouldBeFalse();

        await Queue.ReleaseAsync(first.Session, CancellationToken.None);

        (await next.SoonAsync()).ShouldBe([Google]);
    }

    [ContractFact]
    public async Task NextLanes_NoSlotFreeButASessionIdle_NamesTheLane()
    {
        await StoreInAsync(Google, 2);
        var idle = await Queue.ClaimAsync(Google);
        await Queue.ClaimAsync(Google);
        (await Queue.RefusedAsync(Google, idle.Session)).Reason.ShouldBe(WaitReason.NothingDue);
        var next = Queue.NextAsync();
        await Task.Yield();
        next.IsCompleted.ShouldBeFalse();

        await StoreInAsync(Google, 2);

        (await next.SoonAsync()).ShouldBe([Google]);
        (await Queue.ClaimAsync(Google, 1, idle.Session)).Session.ShouldBe(idle.Session);
        var again = Queue.NextAsync();
        await Task.Yield();
        again.IsCompleted.ShouldBeFalse();
    }

    [ContractFact]
    public async Task NextLanes_NoSlotFreeButASessionOfAnotherPoolIdle_NamesTheLane()
    {
        await StoreInAsync(Google, 2);
        var idle = await Queue.ClaimAsync(Google);
        await Queue.ClaimAsync(Google);
        await StoreInAsync(GoogleBulk, 1);

        await Queue.RefusedAsync(Google, idle.Session);

        (await Queue.NextAsync().SoonAsync()).ShouldBe([GoogleBulk]);
        await Queue.ReleaseAsync(idle.Session, CancellationToken.None);
        (await Queue.ClaimAsync(GoogleBulk)).Deliveries.Count.ShouldBe(1);
    }

    [ContractFact]
    public async Task NextLanes_NoSlotFreeAndTheIdleSessionBusyAgain_NamesTheOtherPoolNoMore()
    {
        await StoreInAsync(Google, 2);
        var idle = await Queue.ClaimAsync(Google);
        await Queue.ClaimAsync(Google);
        await Queue.RefusedAsync(Google, idle.Session);
        await StoreInAsync(GoogleBulk, 1);
        (await Queue.NextAsync().SoonAsync()).ShouldBe([GoogleBulk]);
        (await Queue.RefusedAsync(GoogleBulk)).Reason.ShouldBe(WaitReason.ConnectionLimit);
        await StoreInAsync(Google, 1);

        (await Queue.ClaimAsync(Google, 1, idle.Session)).Session.ShouldBe(idle.Session);

        var next = Queue.NextAsync();
        await Task.Yield();
        next.IsCompleted.ShouldBeFalse();
        await Queue.ReleaseAsync(idle.Session, CancellationToken.None);
        (await next.SoonAsync()).ShouldContain(GoogleBulk);
    }

    [ContractFact]
    public async Task Claim_AsManyMessagesAsAConnectionMay_IsExhausted()
    {
        await StoreInAsync(Google, 7);
        var claim = await Queue.ClaimAsync(Google, 3);
        (await Queue.ClaimAsync(Google, 3, claim.Session)).Deliveries.Count.ShouldBe(2);

        (await Queue.RefusedAsync(Google, claim.Session)).Reason.ShouldBe(WaitReason.SessionExhausted);

        (await Queue.ClaimAsync(Google, 100)).Deliveries.Count.ShouldBe(2);
    }

    [ContractFact]
    public async Task Claim_NewSessionAskingForMore_GetsWhatAConnectionMay()
    {
        await StoreInAsync(Google, 7);

        (await Queue.ClaimAsync(Google, 100)).Deliveries.Count.ShouldBe(Limits.MessagesPerConnection);
    }

    [ContractFact]
    public async Task Claim_SessionOfAnotherLaneOrNodeOrReleased_IsLost()
    {
        await StoreInAsync(Google, 3);
        await StoreInAsync(Yahoo, 3);
        var session = (await Queue.ClaimAsync(Google)).Session;

        (await Queue.RefusedAsync(Yahoo, session)).Reason.ShouldBe(WaitReason.SessionLost);
        (await Queue.RefusedAsync(Google, session, NodeB)).Reason.ShouldBe(WaitReason.SessionLost);
        (await Queue.RefusedAsync(Google, new SessionId(Guid.NewGuid()))).Reason.ShouldBe(WaitReason.SessionLost);
        await Queue.ReleaseAsync(session, CancellationToken.None);
        (await Queue.RefusedAsync(Google, session)).Reason.ShouldBe(WaitReason.SessionLost);
    }

    [ContractFact]
    public async Task Claim_OpenSessionWithNothingDue_SaysSo()
    {
        await Queue.StoreAsync(Message(Now));
        var session = (await Queue.ClaimAsync(Google)).Session;

        (await Queue.RefusedAsync(Google, session)).Reason.ShouldBe(WaitReason.NothingDue);
    }

    [ContractFact]
    public async Task Release_WithHeldDeliveries_TheyWaitAgainUntouchedInTheirOldPlace()
    {
        var first = await Queue.StoreAsync(Message(Now));
        await StoreInAsync(Google, 2);
        var claim = await Queue.ClaimAsync(Google);

        await Queue.ReleaseAsync(claim.Session, CancellationToken.None);
        await Queue.ReleaseAsync(claim.Session, CancellationToken.None);

        var again = (await Queue.ClaimAsync(Google)).Deliveries.ShouldHaveSingleItem();
        again.Id.ShouldBe(first.Delivery());
        again.Attempts.ShouldBe(0);
        again.MayHaveBeenSent.ShouldBeFalse();
        (await Queue.CountAsync(CancellationToken.None)).Sessions.ShouldBe(1);
    }

    [ContractFact]
    public async Task Pause_Lane_GivesNothingToNewSessionsUntilItEnds()
    {
        await StoreInAsync(Google, 3);
        await StoreInAsync(GoogleBulk, 1);
        var open = await Queue.ClaimAsync(Google);
        await Queue.PauseLaneAsync(Google, TimeSpan.FromMinutes(1), CancellationToken.None);

        var refused = await Queue.RefusedAsync(Google);
        refused.Reason.ShouldBe(WaitReason.LanePaused);
        refused.Until.ShouldBe(Now.AddMinutes(1));
        (await Queue.ClaimAsync(Google, 1, open.Session)).Deliveries.Count.ShouldBe(1);
        (await Queue.NextAsync()).ShouldBe([GoogleBulk]);
        (await Queue.LanesAsync(1, CancellationToken.None))[0].Waits.ShouldBe(WaitReason.LanePaused);

        await Queue.ReleaseAsync((await Queue.ClaimAsync(GoogleBulk)).Session, CancellationToken.None);
        Time.Advance(TimeSpan.FromMinutes(1));
        (await Queue.ClaimAsync(Google)).Deliveries.Count.ShouldBe(1);
    }

    [ContractFact]
    public async Task Pause_Lane_NextLanesWaitsForItsEnd()
    {
        await Queue.PauseLaneAsync(Google, TimeSpan.FromMinutes(1), CancellationToken.None);
        await StoreInAsync(Google, 1);
        var next = Queue.NextAsync();
        await Task.Yield();
        next.IsCompleted.ShouldBeFalse();

        Time.Advance(TimeSpan.FromMinutes(1));

        (await next.SoonAsync()).ShouldBe([Google]);
    }

    [ContractFact]
    public async Task Pause_Again_ReplacesTheEndAndZeroEndsIt()
    {
        await StoreInAsync(Google, 1);
        await Queue.PauseLaneAsync(Google, TimeSpan.FromHours(1), CancellationToken.None);
        await Queue.PauseLaneAsync(Google, TimeSpan.FromMinutes(1), CancellationToken.None);
        (await Queue.RefusedAsync(Google)).Until.ShouldBe(Now.AddMinutes(1));

        await Queue.PauseLaneAsync(Google, TimeSpan.Zero, CancellationToken.None);

        (await Queue.NextAsync()).ShouldBe([Google]);
        (await Queue.ClaimAsync(Google)).Deliveries.Count.ShouldBe(1);
    }

    private async Task<List<MessageId>> StoreInAsync(LaneKey lane, int count)
    {
        var stored = new List<MessageId>();
        for (var i = 0; i < count; i++)
            stored.Add((await Queue.StoreAsync(Message(Now, To(lane)))).Id);
        return stored;
    }
}
