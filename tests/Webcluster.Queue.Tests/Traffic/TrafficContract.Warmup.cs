using Shouldly;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Traffic;
using Xunit;
using static Webcluster.Queue.Tests.QueueSamples;

namespace Webcluster.Queue.Tests.Traffic;

public abstract partial class TrafficContract
{
    private static readonly WarmupPlan Plan = new("careful", [10, 20, 40, 80]);

    [ContractFact]
    public async Task Warmup_WellReceivedOverTenDaysOnThreeNodes_TakesEachStepExactly()
    {
        var offer = From(Source("new", warmup: Plan));
        await FillAsync(Google, 10 * 100);

        var days = new List<int>();
        for (var day = 0; day < 10; day++)
            days.Add(await SendADayAsync(offer, 100));

        days.ShouldBe([10, 20, 40, 80, 100, 100, 100, 100, 100, 100]);
        (await Control.TrafficAsync("google", CancellationToken.None)).ShouldAllBe(status => status.Warmup == null);
    }

    [ContractTheory]
    [InlineData(16, 0, 3)]
    [InlineData(15, 0, 2)]
    [InlineData(20, 1, 3)]
    [InlineData(20, 2, 2)]
    [InlineData(20, 3, 1)]
    [InlineData(1, 0, 2)]
    public async Task Warmup_AfterADay_GoesOnByWhatWasUsedAndHowItWasReceived(int used, int refused, int step)
    {
        var offer = From(Source("new", warmup: Plan));
        await FillAsync(Google, 100);
        await SendADayAsync(offer, 10);
        await SendAsync(offer, used);
        for (var i = 0; i < refused; i++)
        {
            // Only the first changes anything.
            (await AdjustAsync("new", new Adjustment.SlowDown())).ShouldBe(i == 0);
        }
        await AdjustAsync("new", new Adjustment.MessagesPerConnection(50));
        Time.Jump(TimeSpan.FromDays(1));

        await SendAsync(offer, 1);

        (await StatusAsync("new")).Warmup.ShouldBe(new WarmupStatus("careful", step, 1));
    }

    [ContractTheory]
    [InlineData(1, 3)]
    [InlineData(2, 2)]
    [InlineData(3, 1)]
    public async Task Warmup_Complaints_HoldTheStepOrTakeItBack(int complaints, int step)
    {
        var plan = new WarmupPlan("long", [400, 400, 400]);
        var offer = From(Source("new", warmup: plan));
        await Control.SetWarmupAsync("google", "new", plan, 2, CancellationToken.None);
        await FillAsync(Google, 401);
        await SendAsync(offer, 400);
        for (var i = 0; i < complaints; i++)
            (await AdjustAsync("new", new Adjustment.Complaint())).ShouldBeFalse();
        Time.Jump(TimeSpan.FromDays(1));

        await SendAsync(offer, 1);

        (await StatusAsync("new")).Warmup.ShouldBe(new WarmupStatus("long", step, 1));
    }

    [ContractFact]
    public async Task Warmup_BudgetUsedUp_SendsFromTheWarmSourceOrWaitsForTheDay()
    {
        var (fresh, warm) = (Source("new", weight: 100, warmup: Plan), Source("old"));
        await FillAsync(Google, 50);
        (await SendAsync(From(fresh), 50)).ShouldBe(10);

        await RefusedAsync(Google, From(fresh), WaitReason.WarmupBudget, new DateTimeOffset(Now.UtcDateTime.Date.AddDays(1), TimeSpan.Zero));
        (await GrantedAsync(Google, From(fresh, warm), 10)).Source.ShouldBe("old");
        (await StatusAsync("new")).Warmup.ShouldBe(new WarmupStatus("careful", 1, 10));
    }

    [ContractFact]
    public async Task Warmup_SessionThatIsOpen_EndsAtTheBudget()
    {
        var offer = From(Source("new", warmup: Plan));
        await FillAsync(Google, 50);
        var claim = await GrantedAsync(Google, offer, 8);

        (await GrantedAsync(Google, offer, 8, claim.Session)).Deliveries.Count.ShouldBe(2);

        (await TryAsync(Google, offer, 8, claim.Session)).ShouldBeOfType<ClaimResult.NotNow>().Reason.ShouldBe(WaitReason.WarmupBudget);
    }

    [ContractFact]
    public async Task Warmup_PlanOfAnotherName_StartsAtItsFirstStep()
    {
        await FillAsync(Google, 50);
        await SendADayAsync(From(Source("new", warmup: Plan)), 10);
        await SendAsync(From(Source("new", warmup: Plan)), 5);
        (await StatusAsync("new")).Warmup.ShouldBe(new WarmupStatus("careful", 2, 5));

        await SendAsync(From(Source("new", warmup: new WarmupPlan("other", [3, 30]))), 2);

        (await StatusAsync("new")).Warmup.ShouldBe(new WarmupStatus("other", 1, 2));
    }

    [ContractFact]
    public async Task Warmup_AtAnotherProvider_IsItsOwn()
    {
        var offer = From(Source("new", warmup: Plan));
        await FillAsync(Google, 20);
        await FillAsync(Yahoo, 20);
        (await SendAsync(offer, 20)).ShouldBe(10);

        (await GrantedAsync(Yahoo, offer, 20)).Deliveries.Count.ShouldBe(10);
    }

    [ContractFact]
    public async Task Warmup_WarmSourceThatIsRefused_StaysWarm()
    {
        var offer = From(Source("new", warmup: new WarmupPlan("short", [2])));
        await FillAsync(Google, 90);
        await SendADayAsync(offer, 2);
        (await SendAsync(offer, 10)).ShouldBe(10);
        await AdjustAsync("new", new Adjustment.Suspend(TimeSpan.FromSeconds(1)));
        Time.Jump(TimeSpan.FromDays(1));

        (await SendAsync(offer, 10)).ShouldBe(10);
    }

    /// <summary>Sends as much as the source may, up to so many, and goes on to the next day.</summary>
    private async Task<int> SendADayAsync(TrafficOffer offer, int most)
    {
        var sent = await SendAsync(offer, most);
        Time.Jump(TimeSpan.FromDays(1));
        return sent;
    }

    private async Task<int> SendAsync(TrafficOffer offer, int most)
    {
        var sent = 0;
        for (var turn = 0; sent < most; turn++)
        {
            if (await TryAsync(Google, offer, Math.Min(7, most - sent), node: Nodes[turn % 3]) is not ClaimResult.Granted granted)
                break;
            sent += granted.Deliveries.Count;
            await SentAsync(granted);
        }
        return sent;
    }
}
