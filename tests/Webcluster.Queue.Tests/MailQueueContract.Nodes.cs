using Shouldly;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Settling;
using static Webcluster.Queue.Tests.QueueSamples;

namespace Webcluster.Queue.Tests;

public abstract partial class MailQueueContract
{
    [ContractFact]
    public async Task Beat_AnotherNodeSilentForTheExpiry_NamesItUntilReaped()
    {
        await Queue.BeatAsync(NodeB, CancellationToken.None);
        await Queue.StoreAsync(Message(Now));
        await Queue.ClaimAsync(Google, node: NodeA);

        Time.Advance(TimeSpan.FromSeconds(10));
        (await Queue.BeatAsync(NodeB, CancellationToken.None)).ShouldBeEmpty();
        Time.Advance(TimeSpan.FromMilliseconds(1));
        (await Queue.BeatAsync(NodeB, CancellationToken.None)).ShouldBe([NodeA]);
        (await Queue.BeatAsync(NodeB, CancellationToken.None)).ShouldBe([NodeA]);

        await Queue.ReapAsync(NodeA, CancellationToken.None);
        (await Queue.BeatAsync(NodeB, CancellationToken.None)).ShouldBeEmpty();
    }

    [ContractFact]
    public async Task Beat_InTime_IsNotOverdue()
    {
        await Queue.BeatAsync(NodeA, CancellationToken.None);
        Time.Advance(TimeSpan.FromSeconds(8));
        await Queue.BeatAsync(NodeA, CancellationToken.None);
        Time.Advance(TimeSpan.FromSeconds(8));

        (await Queue.BeatAsync(NodeB, CancellationToken.None)).ShouldBeEmpty();
    }

    [ContractFact]
    public async Task Leave_NodeWithoutSessions_IsNotOverdue()
    {
        await Queue.BeatAsync(NodeB, CancellationToken.None);
        await Queue.StoreAsync(Message(Now));
        var claim = await Queue.ClaimAsync(Google, node: NodeA);
        await Queue.ReleaseAsync(claim.Session, CancellationToken.None);

        await Queue.LeaveAsync(NodeA, CancellationToken.None);

        await AgeAsync();
        (await Queue.BeatAsync(NodeB, CancellationToken.None)).ShouldBeEmpty();
    }

    [ContractFact]
    public async Task Leave_NodeWithASession_IsOverdueAllTheSame()
    {
        await Queue.BeatAsync(NodeB, CancellationToken.None);
        await Queue.StoreAsync(Message(Now));
        await Queue.ClaimAsync(Google, node: NodeA);

        await Queue.LeaveAsync(NodeA, CancellationToken.None);

        await AgeAsync();
        (await Queue.BeatAsync(NodeB, CancellationToken.None)).ShouldBe([NodeA]);
    }

    [ContractFact]
    public async Task Tend_OpenSessions_GoOn()
    {
        await StoreInAsync(Google, 3);
        var claim = await Queue.ClaimAsync(Google, 2);
        await Queue.ClaimAsync(Google);

        for (var call = 0; call < 20; call++)
            await Queue.TendAsync(NodeA, CancellationToken.None);

        (await Queue.CountAsync(CancellationToken.None)).Sessions.ShouldBe(2);
        (await Queue.SettleAsync(claim.Session, claim.Sent())).ShouldBe(SettleVerdict.Settled);
    }

    [ContractFact]
    public async Task Reap_NodeWithSessions_GivesAllBackMarked()
    {
        await StoreInAsync(Google, 3);
        await StoreInAsync(Yahoo, 3);
        var google = await Queue.ClaimAsync(Google, 2);
        await Queue.ClaimAsync(Yahoo, 1);
        var other = await Queue.ClaimAsync(Yahoo, 1, node: NodeB);

        (await ReapAsync(NodeA)).ShouldBe(3);

        (await Queue.RefusedAsync(Google, google.Session)).Reason.ShouldBe(WaitReason.SessionLost);
        var again = await Queue.ClaimAsync(Google, 3, node: NodeB);
        again.Deliveries.Select(delivery => delivery.MayHaveBeenSent).ShouldBe([true, true, false]);
        again.Deliveries.ShouldAllBe(delivery => delivery.Attempts == 0);
        (await Queue.SettleAsync(other.Session, other.Sent())).ShouldBe(SettleVerdict.Settled);
        (await ReapAsync(NodeA)).ShouldBe(0);
    }

    [ContractFact]
    public async Task Reap_NodeThatBeatsAgain_KeepsWhatItHas()
    {
        await Queue.BeatAsync(NodeB, CancellationToken.None);
        await StoreInAsync(Google, 2);
        await Queue.ClaimAsync(Google, node: NodeA);
        await AgeAsync();
        (await Queue.BeatAsync(NodeB, CancellationToken.None)).ShouldBe([NodeA]);

        await Queue.BeatAsync(NodeA, CancellationToken.None);
        var claim = await Queue.ClaimAsync(Google, node: NodeA);
        (await Queue.ReapAsync(NodeA, CancellationToken.None)).ShouldBe(0);

        (await Queue.CountAsync(CancellationToken.None)).Sessions.ShouldBe(2);
        (await Queue.SettleAsync(claim.Session, claim.Sent())).ShouldBe(SettleVerdict.Settled);
        await AgeAsync();
        (await Queue.ReapAsync(NodeA, CancellationToken.None)).ShouldBe(1);
    }

    /// <summary>For longer than the expiry, with a beat of node B in between, so that the store was not away.</summary>
    private async Task AgeAsync()
    {
        Time.Advance(TimeSpan.FromSeconds(10));
        await Queue.BeatAsync(NodeB, CancellationToken.None);
        Time.Advance(TimeSpan.FromMilliseconds(1));
    }
}
