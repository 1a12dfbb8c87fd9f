using Shouldly;
using Webcluster.Queue.Traffic;
using Xunit;
using static Webcluster.Queue.Tests.QueueSamples;

namespace Webcluster.Queue.Tests.Traffic;

public abstract partial class TrafficContract
{
    private DateOnly Today => DateOnly.FromDateTime(Now.UtcDateTime);

    [ContractTheory]
    // Of the 10 of the first day all are used.
    [InlineData(1, 0)]
    [InlineData(2, 10)]
    [InlineData(4, 70)]
    [InlineData(null, 100)]
    public async Task SetWarmup_DayUsedUp_LeavesWhatTheStepHasBeyondIt(int? step, int more)
    {
        var offer = From(Source("new", warmup: Plan));
        await FillAsync(Google, 110);
        (await SendAsync(offer, 110)).ShouldBe(10);

        (await SetAsync("new", step)).ShouldBe(new WarmupState("google", "new", "careful", step, Today, 10, 0));

        (await SendAsync(offer, 100)).ShouldBe(more);
    }

    [ContractFact]
    public async Task SetWarmup_MailWaitsForTheBudget_NamesItsLaneAtOnce()
    {
        var offer = From(Source("new", warmup: Plan));
        await FillAsync(Google, 15);
        (await SendAsync(offer, 15)).ShouldBe(10);
        var next = await NothingNextAsync();

        await SetAsync("new", 2);

        (await next.SoonAsync()).ShouldBe([Google]);
        (await SendAsync(offer, 15)).ShouldBe(5);
    }

    [ContractFact]
    public async Task SetWarmup_BeforeAnyMail_IsWhereItBegins()
    {
        await SetAsync("new", 3);
        await FillAsync(Google, 200);

        (await SendADayAsync(From(Source("new", warmup: Plan)), 200)).ShouldBe(40);
        (await SendAsync(From(Source("new", warmup: Plan)), 200)).ShouldBe(80);
    }

    [ContractFact]
    public async Task SetWarmup_WarmAndBack_BeginsAnewAndIsForgottenByAnotherPlan()
    {
        var offer = From(Source("new", warmup: Plan));
        await SetAsync("new", null);
        await FillAsync(Google, 300);
        (await SendADayAsync(offer, 100)).ShouldBe(100);
        (await SendADayAsync(offer, 100)).ShouldBe(100);

        (await SetAsync("new", 1)).Used.ShouldBe(0);

        (await SendAsync(offer, 100)).ShouldBe(10);
        (await SendAsync(From(Source("new", warmup: new WarmupPlan("other", [3, 30]))), 10)).ShouldBe(3);
    }

    [ContractFact]
    public async Task SetWarmup_AfterRefusals_ForgetsThem()
    {
        var offer = From(Source("new", warmup: Plan));
        await SetAsync("new", 2);
        await FillAsync(Google, 100);
        await SendAsync(offer, 20);
        await AdjustAsync("new", new Adjustment.Suspend(TimeSpan.FromSeconds(1)));
        Time.Advance(TimeSpan.FromSeconds(2));
        await AdjustAsync("new", new Adjustment.Suspend(TimeSpan.FromSeconds(1)));
        Time.Advance(TimeSpan.FromSeconds(2));
        (await Control.WarmupsAsync(null, null, CancellationToken.None)).ShouldBe([new("google", "new", "careful", 2, Today, 20, 2)]);

        await SetAsync("new", 2);
        Time.Jump(TimeSpan.FromDays(1));

        (await SendAsync(offer, 100)).ShouldBe(40);
    }

    [ContractFact]
    public async Task SetWarmup_OnALaterDay_CountsThatDay()
    {
        await FillAsync(Google, 50);
        await SendADayAsync(From(Source("new", warmup: Plan)), 10);

        (await SetAsync("new", 1)).ShouldBe(new WarmupState("google", "new", "careful", 1, Today, 0, 0));

        (await SendAsync(From(Source("new", warmup: Plan)), 50)).ShouldBe(10);
    }

    [ContractTheory]
    [InlineData(0)]
    [InlineData(5)]
    public async Task SetWarmup_NoStepOfThePlan_Throws(int step) =>
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await SetAsync("new", step));

    [ContractFact]
    public async Task Warmups_OfSeveral_AreThoseBeingWarmedUpByProviderAndSource()
    {
        (await Control.WarmupsAsync(null, null, CancellationToken.None)).ShouldBeEmpty();
        await FillAsync(Yahoo, 10);
        await FillAsync(Google, 10);
        var claim = await GrantedAsync(Yahoo, From(Source("new", warmup: Plan)), 4);
        await SentAsync(claim);
        await SentAsync(await GrantedAsync(Google, From(Source("old"))));
        await SetAsync("b", 2);
        await SetAsync("a", 3);
        await SetAsync("warm", null);

        WarmupState[] all =
        [
            new("google", "a", "careful", 3, Today, 0, 0),
            new("google", "b", "careful", 2, Today, 0, 0),
            new("yahoo", "new", "careful", 1, Today, 4, 0),
        ];
        (await Control.WarmupsAsync(null, null, CancellationToken.None)).ShouldBe(all);
        (await Control.WarmupsAsync("google", null, CancellationToken.None)).ShouldBe(all[..2]);
        (await Control.WarmupsAsync(null, "new", CancellationToken.None)).ShouldBe(all[2..]);
        (await Control.WarmupsAsync("google", "b", CancellationToken.None)).ShouldBe([all[1]]);
        (await Control.WarmupsAsync("yahoo", "b", CancellationToken.None)).ShouldBeEmpty();
    }

    [ContractFact]
    public async Task Warmups_SourceThatBecomesWarm_AreWithoutIt()
    {
        var offer = From(Source("new", warmup: new WarmupPlan("short", [2])));
        await FillAsync(Google, 5);
        await SendADayAsync(offer, 2);
        (await Control.WarmupsAsync(null, null, CancellationToken.None)).Count.ShouldBe(1);

        await SendAsync(offer, 1);

        (await Control.WarmupsAsync(null, null, CancellationToken.None)).ShouldBeEmpty();
    }

    [ContractFact]
    public async Task Warmups_MoreThanAreLookedAtAtATime_AreAllListed()
    {
        for (var i = 0; i < 450; i++)
            await Control.SetWarmupAsync($"provider-{i:000}", "new", Plan, 1, CancellationToken.None);

        var listed = await Control.WarmupsAsync(null, null, CancellationToken.None);

        listed.Select(state => state.Provider).ShouldBe(Enumerable.Range(0, 450).Select(i => $"provider-{i:000}"));
    }

    private async Task<WarmupState> SetAsync(string source, int? step) =>
        await Control.SetWarmupAsync("google", source, Plan, step, CancellationToken.None);
}
