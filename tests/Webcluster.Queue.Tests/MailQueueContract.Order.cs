using Shouldly;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Settling;
using static Webcluster.Queue.Tests.QueueSamples;

namespace Webcluster.Queue.Tests;

public abstract partial class MailQueueContract
{
    [ContractFact]
    public async Task Claim_OneFlow_IsFirstComeFirstServed()
    {
        var stored = new List<MessageId>();
        for (var i = 0; i < 5; i++)
            stored.Add((await Queue.StoreAsync(Message(Now))).Id);

        (await Queue.ClaimAsync(Google, 5)).Messages().ShouldBe(stored);
    }

    [ContractFact]
    public async Task Claim_OneFlow_TheLongestDueGoesFirst()
    {
        var late = await Queue.StoreAsync(Message(Now) with { NotBefore = Now.AddMinutes(2) });
        var early = await Queue.StoreAsync(Message(Now) with { NotBefore = Now.AddMinutes(1) });
        Time.Advance(TimeSpan.FromMinutes(5));
        var fresh = await Queue.StoreAsync(Message(Now));

        (await Queue.ClaimAsync(Google, 3)).Messages().ShouldBe([early.Id, late.Id, fresh.Id]);
    }

    [ContractFact]
    public async Task Claim_PasswordResetBehindNewsletters_GoesFirst()
    {
        for (var i = 0; i < 200; i++)
            await Queue.StoreAsync(Message(Now, To(Google, MailClass.Bulk)));
        var newsletters = await Queue.ClaimAsync(Google, 3);
        var reset = await Queue.StoreAsync(Message(Now, To(Google, MailClass.Transactional)));

        (await Queue.ClaimAsync(Google, 1, newsletters.Session)).Messages().ShouldBe([reset.Id]);
    }

    [ContractFact]
    public async Task Claim_AllClassesWaiting_SharesByWeight()
    {
        foreach (var mailClass in Enum.GetValues<MailClass>())
            await StoreManyAsync(120, mailClass, "acme");

        var taken = await TakeAsync(111);

        taken.Count(delivery => delivery.Class is MailClass.Transactional).ShouldBe(100);
        taken.Count(delivery => delivery.Class is MailClass.Normal).ShouldBe(10);
        taken.Count(delivery => delivery.Class is MailClass.Bulk).ShouldBe(1);
    }

    [ContractFact]
    public async Task Claim_TwoTenantsOfOneClass_ShareEqually()
    {
        await StoreManyAsync(60, MailClass.Bulk, "large");
        await StoreManyAsync(10, MailClass.Bulk, "small");

        var taken = await TakeAsync(20);

        taken.Count(delivery => delivery.Tenant == "small").ShouldBe(10);
    }

    [ContractFact]
    public async Task Claim_FlowThatWakes_IsOwedNothingForItsSleep()
    {
        await StoreManyAsync(60, MailClass.Normal, "busy");
        await TakeAsync(30);
        await StoreManyAsync(30, MailClass.Normal, "fresh");

        var taken = await TakeAsync(10);

        taken.Count(delivery => delivery.Tenant == "fresh").ShouldBeInRange(5, 6);
    }

    [ContractFact]
    public async Task NextLanes_Several_EarliestDueFirst()
    {
        await Queue.StoreAsync(Message(Now, To(Yahoo)) with { NotBefore = Now.AddMinutes(2) });
        await Queue.StoreAsync(Message(Now, To(Google)) with { NotBefore = Now.AddMinutes(1) });
        Time.Advance(TimeSpan.FromMinutes(5));

        (await Queue.NextAsync()).ShouldBe([Google, Yahoo]);
        (await Queue.NextAsync(1)).ShouldBe([Google]);
    }

    [ContractFact]
    public async Task NextLanes_NotClaimed_NamesTheLaneAgain()
    {
        await Queue.StoreAsync(Message(Now));

        (await Queue.NextAsync()).ShouldBe([Google]);
        (await Queue.NextAsync()).ShouldBe([Google]);
    }

    [ContractFact]
    public async Task NextLanes_NothingDue_WaitsForMail()
    {
        var next = Queue.NextAsync();
        await Task.Yield();
        next.IsCompleted.ShouldBeFalse();

        await Queue.StoreAsync(Message(Now));

        (await next.SoonAsync()).ShouldBe([Google]);
    }

    [ContractFact]
    public async Task NextLanes_ScheduledMail_WaitsForItsTime()
    {
        await Queue.StoreAsync(Message(Now) with { NotBefore = Now.AddMinutes(10) });
        var next = Queue.NextAsync();

        Time.Advance(TimeSpan.FromMinutes(9));
        next.IsCompleted.ShouldBeFalse();
        Time.Advance(TimeSpan.FromMinutes(1));

        (await next.SoonAsync()).ShouldBe([Google]);
    }

    [ContractFact]
    public async Task NextLanes_SoonerMailArrives_WakesForIt()
    {
        await Queue.StoreAsync(Message(Now, To(Google)) with { NotBefore = Now.AddMinutes(10) });
        var next = Queue.NextAsync();
        await Queue.StoreAsync(Message(Now, To(Yahoo)) with { NotBefore = Now.AddMinutes(1) });

        await AdvanceUntilAsync(next, TimeSpan.FromSeconds(10), most: 7);

        (await next).ShouldBe([Yahoo]);
    }

    [ContractFact]
    public async Task NextLanes_WithoutPools_NamesTheOthersHoweverManyStandBefore()
    {
        for (var i = 0; i < 30; i++)
            await Queue.StoreAsync(Message(Now, To(GoogleBulk with { Site = $"mx{i}.example" })));
        await Queue.StoreAsync(Message(Now, To(GoogleBulk with { Pool = "x4:bulk" })));
        await Queue.StoreAsync(Message(Now, To(Yahoo)));

        (await Queue.NextLanesAsync(10, ["bulk", "none"], CancellationToken.None))
            .ShouldBe([GoogleBulk with { Pool = "x4:bulk" }, Yahoo], ignoreOrder: true);
        (await Queue.NextAsync(40)).Count.ShouldBe(32);
    }

    [ContractFact]
    public async Task NextLanes_ThousandsOfLanesOfAPoolLeftOut_NamesTheOneBehindThem()
    {
        for (var i = 0; i < 5_500; i += 500)
        {
            var sites = Enumerable.Range(i, 500).Select(n => To(GoogleBulk with { Site = $"mx{n}.example" }));
            await Queue.StoreAsync(Message(Now, [.. sites]));
            Time.Advance(TimeSpan.FromMilliseconds(1));
        }
        await Queue.StoreAsync(Message(Now, To(Yahoo)));

        (await Queue.NextLanesAsync(10, ["bulk"], CancellationToken.None).SoonAsync()).ShouldBe([Yahoo]);
        (await Queue.NextLanesAsync(10, ["bulk"], CancellationToken.None).SoonAsync()).ShouldBe([Yahoo]);
    }

    [ContractFact]
    public async Task NextLanes_OneBeforeThoseOfAPoolLeftOutCanBeClaimedAgain_NamesIt()
    {
        await Queue.StoreAsync(Message(Now, To(Yahoo)));
        Time.Advance(TimeSpan.FromMilliseconds(1));
        await Queue.PauseLaneAsync(Yahoo, TimeSpan.FromHours(1), CancellationToken.None);
        await Queue.StoreAsync(Message(Now, To(GoogleBulk)));
        Time.Advance(TimeSpan.FromMilliseconds(1));
        var next = Queue.NextLanesAsync(10, ["bulk"], CancellationToken.None);
        (await Task.WhenAny(next, Task.Delay(100))).ShouldNotBe(next);

        await Queue.PauseLaneAsync(Yahoo, TimeSpan.Zero, CancellationToken.None);

        (await next.SoonAsync()).ShouldBe([Yahoo]);
    }

    [ContractFact]
    public async Task NextLanes_OnlyPoolsLeftOut_WaitsAndWakesForOthers()
    {
        await Queue.StoreAsync(Message(Now, To(GoogleBulk)));
        (await Queue.NextAsync()).ShouldBe([GoogleBulk]);
        var next = Queue.NextLanesAsync(10, ["bulk"], CancellationToken.None);
        (await Task.WhenAny(next, Task.Delay(100))).ShouldNotBe(next);

        await Queue.StoreAsync(Message(Now, To(GoogleBulk with { Site = "mx2.example" })));
        await Queue.StoreAsync(Message(Now, To(Yahoo)));

        (await next.SoonAsync()).ShouldBe([Yahoo]);
        (await Queue.ClaimAsync(Yahoo)).Deliveries.Count.ShouldBe(1);
        (await Queue.NextAsync()).Count.ShouldBe(2);
    }

    [ContractFact]
    public async Task NextLanes_Cancelled_Throws()
    {
        using var cancellation = new CancellationTokenSource();
        var next = Queue.NextLanesAsync(1, [], cancellation.Token);

        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(next);
    }

    private async Task StoreManyAsync(int count, MailClass mailClass, string tenant)
    {
        for (var i = 0; i < count; i++)
            await Queue.StoreAsync(Message(Now, To(Google, mailClass)).Of(tenant));
    }

    /// <summary>Delivers so many of Google's, and says in which order they came.</summary>
    private async Task<List<(MailClass Class, string Tenant)>> TakeAsync(int count)
    {
        var taken = new List<(MailClass, string)>();
        SessionId? session = null;
        while (taken.Count < count)
        {
            if (await Queue.TryClaimAsync(Google, 1, session) is not ClaimResult.Granted claim)
            {
                await Queue.ReleaseAsync(session!.Value, CancellationToken.None);
                session = null;
                continue;
            }
            session = claim.Session;
            var status = (await Queue.FindAsync(claim.Deliveries[0].Id.Message, CancellationToken.None))[0];
            taken.Add((status.Class, status.Tenant));
            (await Queue.SettleAsync(claim.Session, claim.Sent())).ShouldBe(SettleVerdict.Settled);
        }
        if (session is { } open)
            await Queue.ReleaseAsync(open, CancellationToken.None);
        return taken;
    }

    /// <summary>Lets time pass in steps, each after the waiter had a chance to look.</summary>
    private async Task AdvanceUntilAsync(Task task, TimeSpan step, int most)
    {
        for (var i = 0; i < most && !task.IsCompleted; i++)
        {
            Time.Advance(step);
            await Task.WhenAny(task, Task.Delay(50));
        }
        task.IsCompleted.ShouldBeTrue();
    }
}
