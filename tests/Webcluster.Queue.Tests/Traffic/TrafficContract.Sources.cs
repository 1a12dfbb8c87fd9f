using Shouldly;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Traffic;
using Xunit;
using static Webcluster.Queue.Tests.QueueSamples;

namespace Webcluster.Queue.Tests.Traffic;

public abstract partial class TrafficContract
{
    [ContractTheory]
    [InlineData(1, 100)]
    [InlineData(3, 100)]
    [InlineData(1, 120_000)]
    public async Task Sources_OfOtherWeights_SendInProportion(int most, int milliseconds)
    {
        var offer = From(Source("a", 1), Source("b", 7), Source("c", 2));
        await FillAsync(Google, 10);
        var sent = new Dictionary<string, int>();
        for (var given = 0; given < 1000;)
        {
            var claim = await GrantedAsync(Google, offer, most);
            sent[claim.Source] = sent.GetValueOrDefault(claim.Source) + claim.Deliveries.Count;
            given += claim.Deliveries.Count;
            await ReleaseAsync(claim);
            Time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        }

        sent["a"].ShouldBeInRange(70, 130);
        sent["b"].ShouldBeInRange(670, 730);
        sent["c"].ShouldBeInRange(170, 230);
    }

    [ContractFact]
    public async Task Sources_OfTheSameWeight_BeginWithTheFirstThatIsOffered()
    {
        await FillAsync(Google, 5);
        var offer = From(Source("b"), Source("a"), Source("c"));

        var sources = new List<string>();
        for (var i = 0; i < 4; i++)
            sources.Add((await GrantedAsync(Google, offer)).Source);

        sources.ShouldBe(["b", "a", "c", "b"]);
    }

    [ContractFact]
    public async Task Sources_OneThatComesLater_IsOwedNothing()
    {
        await FillAsync(Google, 200);
        for (var i = 0; i < 100; i++)
            await ReleaseAsync(await GrantedAsync(Google, From(Source("a"))));

        (await SourcesOfAsync(From(Source("a"), Source("b")), 20)).Count(source => source == "b").ShouldBeInRange(9, 11);
    }

    [ContractFact]
    public async Task Sources_OneThatWasSuspended_IsLeftOutAndOwedNothing()
    {
        var offer = From(Source("a"), Source("b"));
        await FillAsync(Google, 300);
        await SourcesOfAsync(offer, 10);
        (await AdjustAsync("b", new Adjustment.Suspend(TimeSpan.FromMinutes(10)))).ShouldBeTrue();

        (await SourcesOfAsync(offer, 100)).ShouldAllBe(source => source == "a");
        Time.Advance(TimeSpan.FromMinutes(10));
        (await SourcesOfAsync(offer, 20)).Count(source => source == "b").ShouldBeInRange(9, 11);
    }

    [ContractFact]
    public async Task Sources_AllSuspended_WaitForTheFirstThatIsNot()
    {
        var offer = From(Source("a"), Source("b"));
        await FillAsync(Google, 2);
        await AdjustAsync("a", new Adjustment.Suspend(TimeSpan.FromMinutes(10)));
        await AdjustAsync("b", new Adjustment.Suspend(TimeSpan.FromMinutes(5)));

        await RefusedAsync(Google, offer, WaitReason.SourcesSuspended, Now.AddMinutes(5));
        var next = await NothingNextAsync();
        Time.Advance(TimeSpan.FromMinutes(5));
        (await next.SoonAsync()).ShouldBe([Google]);
        (await GrantedAsync(Google, offer)).Source.ShouldBe("b");
    }

    [ContractFact]
    public async Task Sources_RefusedForSeveralReasons_SayTheOneThatIsSoonestOver()
    {
        var full = Source("full", limits: Connections(1));
        var slow = Source("slow", limits: Messages("1/min,burst=1"));
        var fresh = Source("fresh", warmup: new WarmupPlan("plan", [1]));
        var blocked = Source("blocked");
        await FillAsync(Google, 9);
        await GrantedAsync(Google, From(full));
        await GrantedAsync(Google, From(slow));
        await GrantedAsync(Google, From(fresh));
        await AdjustAsync("blocked", new Adjustment.Suspend(TimeSpan.FromDays(3)));
        var tomorrow = new DateTimeOffset(Now.UtcDateTime.Date.AddDays(1), TimeSpan.Zero);

        await RefusedAsync(Google, From(blocked, fresh, slow, full), WaitReason.ConnectionLimit, Now.AddMinutes(1));
        await RefusedAsync(Google, From(blocked, fresh, slow), WaitReason.RateLimit, Now.AddMinutes(1));
        await RefusedAsync(Google, From(blocked, fresh), WaitReason.WarmupBudget, tomorrow);
        await RefusedAsync(Google, From(blocked), WaitReason.SourcesSuspended, Now.AddDays(3));
        await RefusedAsync(Google, From(full), WaitReason.ConnectionLimit);
    }

    [ContractFact]
    public async Task Sources_NoneOffered_SaysSo()
    {
        await FillAsync(Google, 1);

        await RefusedAsync(Google, From(), WaitReason.NoSource);
    }

    [ContractFact]
    public async Task Extend_SourceStillOffered_KeepsIt()
    {
        await FillAsync(Google, 9);
        var claim = await GrantedAsync(Google, From(Source("a"), Source("b")));

        for (var i = 0; i < 3; i++)
            (await GrantedAsync(Google, From(Source("b"), Source("a")), 2, claim.Session)).Source.ShouldBe("a");
    }

    [ContractFact]
    public async Task Extend_SourceSuspendedOrOfferedNoMore_EndsTheSession()
    {
        var offer = From(Source("a"));
        await FillAsync(Google, 9);
        var claim = await GrantedAsync(Google, offer);

        await RefusedAsync(Google, From(Source("b")), WaitReason.SessionExhausted, session: claim.Session);
        await AdjustAsync("a", new Adjustment.Suspend(TimeSpan.FromMinutes(1)));
        await RefusedAsync(Google, offer, WaitReason.SessionExhausted, session: claim.Session);
        Time.Advance(TimeSpan.FromMinutes(1));
        (await GrantedAsync(Google, offer, 1, claim.Session)).Source.ShouldBe("a");
    }

    [ContractFact]
    public async Task Traffic_SourcesWithSessions_AreListedByName()
    {
        await FillAsync(Google, 9);
        await GrantedAsync(Google, From(Source("b")));
        await GrantedAsync(Google, From(Source("a")));
        await GrantedAsync(Google, From(Source("b")));

        var listed = await Control.TrafficAsync("google", CancellationToken.None);

        listed.Select(status => (status.Source, status.Connections)).ShouldBe([("a", 1), ("b", 2)]);
        (await Control.TrafficAsync("nobody", CancellationToken.None)).ShouldBeEmpty();
    }

    private async Task<List<string>> SourcesOfAsync(TrafficOffer offer, int sessions)
    {
        var sources = new List<string>();
        for (var i = 0; i < sessions; i++)
        {
            var claim = await GrantedAsync(Google, offer);
            sources.Add(claim.Source);
            await SentAsync(claim);
        }
        return sources;
    }
}
