using Shouldly;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Rules;
using Webcluster.Queue.Sessions;
using Xunit;
using static Webcluster.Queue.Tests.QueueSamples;

namespace Webcluster.Queue.Tests.Rules;

public abstract partial class QueueRulesContract
{
    public static TheoryData<RuleScope> LaneScopes => [RuleScope.Lane, RuleScope.Site, RuleScope.Provider];

    public static TheoryData<RuleScope> MailScopes => [RuleScope.Message, RuleScope.Domain, RuleScope.Tenant, RuleScope.Tag];

    public static TheoryData<RuleAction, RuleScope> StandingPairs
    {
        get
        {
            var pairs = new TheoryData<RuleAction, RuleScope>();
            foreach (var scope in Enum.GetValues<RuleScope>())
            {
                pairs.Add(RuleAction.Suspend, scope);
                pairs.Add(RuleAction.Hold, scope);
            }
            return pairs;
        }
    }

    [ContractTheory]
    [MemberData(nameof(LaneScopes))]
    public async Task Suspend_Lanes_NothingBeginsAndMailIsAccepted(RuleScope scope)
    {
        var message = await Queue.StoreAsync(Tagged());
        var rule = await AddAsync(RuleAction.Suspend, scope, Value(scope, message), rule => rule with { Until = Now.AddHours(1) });
        await Queue.StoreAsync(Tagged());
        await Queue.StoreAsync(Tagged(lane: Yahoo));

        var refused = await Queue.RefusedAsync(Google);
        refused.Reason.ShouldBe(WaitReason.Suspended);
        refused.Until.ShouldBe(rule.Until);
        (await Queue.NextAsync()).ShouldBe([Yahoo]);
        var lane = (await Queue.LanesAsync(10, CancellationToken.None)).Single(lane => lane.Lane == Google);
        (lane.Waits, lane.Ready, lane.Held, lane.Rule).ShouldBe((WaitReason.Suspended, 2, 0, rule));
        var delivery = (await Queue.FindAsync(message.Id, CancellationToken.None)).ShouldHaveSingleItem();
        (delivery.Waits, delivery.Rule).ShouldBe((WaitReason.Suspended, rule));
        (await ListAsync()).ShouldHaveSingleItem().Holds.ShouldBe(2);
    }

    [ContractTheory]
    [MemberData(nameof(StandingPairs))]
    public async Task Standing_RestartAndEnd_HoldsOverTheRestartUntilTaken(RuleAction action, RuleScope scope)
    {
        var message = await Queue.StoreAsync(Tagged());
        var rule = await AddAsync(action, scope, Value(scope, message));
        await RestartAsync();

        (await Queue.TryClaimAsync(Google)).ShouldBeOfType<ClaimResult.NotNow>();
        (await Queue.FindAsync(message.Id, CancellationToken.None)).ShouldHaveSingleItem().Rule.ShouldBe(rule);
        var next = Queue.NextAsync();
        next.IsCompleted.ShouldBeFalse();
        await EndAsync(rule);

        (await next.SoonAsync()).ShouldBe([Google]);
        (await Queue.ClaimAsync(Google)).Messages().ShouldBe([message.Id]);
    }

    [ContractTheory]
    [MemberData(nameof(StandingPairs))]
    public async Task Standing_UntilItsTime_EndsByItself(RuleAction action, RuleScope scope)
    {
        var message = await Queue.StoreAsync(Tagged());
        await AddAsync(action, scope, Value(scope, message), rule => rule with { Until = Now.AddMinutes(1) });
        (await Queue.TryClaimAsync(Google)).ShouldBeOfType<ClaimResult.NotNow>();
        var next = Queue.NextAsync();

        Time.Advance(TimeSpan.FromMinutes(1) - TimeSpan.FromMilliseconds(1));
        next.IsCompleted.ShouldBeFalse();
        Time.Advance(TimeSpan.FromMilliseconds(1));

        (await next.SoonAsync()).ShouldBe([Google]);
        (await ListAsync()).ShouldBeEmpty();
        (await Queue.ClaimAsync(Google)).Messages().ShouldBe([message.Id]);
        await RestartAsync();
        (await ListAsync()).ShouldBeEmpty();
    }

    [ContractFact]
    public async Task Suspend_OpenSession_GetsNoMoreAndSettlesWhatItHas()
    {
        await Queue.StoreAsync(Tagged());
        await Queue.StoreAsync(Tagged());
        var claim = await Queue.ClaimAsync(Google);
        await AddAsync(RuleAction.Suspend, RuleScope.Site, Google.Site);

        (await Queue.RefusedAsync(Google, claim.Session)).Reason.ShouldBe(WaitReason.Suspended);
        (await Queue.SettleAsync(claim.Session, claim.Sent())).ShouldBe(Settling.SettleVerdict.Settled);

        (await Queue.CountAsync(CancellationToken.None)).Ready.ShouldBe(1);
    }

    [ContractTheory]
    [MemberData(nameof(MailScopes))]
    public async Task Hold_Mail_SetsItAsideNowAndLaterAndLetsOthersGo(RuleScope scope)
    {
        var message = await Queue.StoreAsync(Tagged());
        var other = await Queue.StoreAsync(Tagged("else.example", "other", "autumn"));
        var rule = await AddAsync(RuleAction.Hold, scope, Value(scope, message));
        if (scope is not RuleScope.Message)
            await Queue.StoreAsync(Tagged());

        (await Queue.ClaimAsync(Google, 10)).Messages().ShouldBe([other.Id]);

        await CarriedOutAsync(rule.Id);
        var held = scope is RuleScope.Message ? 1 : 2;
        (await Queue.CountAsync(CancellationToken.None)).Held.ShouldBe(held);
        (await ListAsync()).ShouldHaveSingleItem().Holds.ShouldBe(held);
        (await Queue.RefusedAsync(Google)).Reason.ShouldBe(WaitReason.Held);
        var lane = (await Queue.LanesAsync(10, CancellationToken.None)).ShouldHaveSingleItem();
        (lane.Waits, lane.Ready, lane.Held).ShouldBe((WaitReason.Held, 0, held));
        var delivery = (await Queue.FindAsync(message.Id, CancellationToken.None)).ShouldHaveSingleItem();
        (delivery.Waits, delivery.Rule).ShouldBe((WaitReason.Held, rule));
    }

    [ContractFact]
    public async Task Hold_OneOfSeveralDomains_SetsTheDeliveryAside()
    {
        await Queue.StoreAsync(Mixed());

        await AddAsync(RuleAction.Hold, RuleScope.Domain, "two.example");

        (await Queue.RefusedAsync(Google)).Reason.ShouldBe(WaitReason.Held);
    }

    [ContractFact]
    public async Task Hold_MoreThanAStep_AllAreSetAsideAndAllComeBackInOrder()
    {
        var stored = new List<MessageId>();
        for (var i = 0; i < 700; i++)
        {
            stored.Add((await Queue.StoreAsync(Tagged())).Id);
            Time.Advance(TimeSpan.FromMilliseconds(1));
        }

        var rule = await AddAsync(RuleAction.Hold, RuleScope.Tag, "spring");
        (await CarriedOutAsync(rule.Id)).Holds.ShouldBe(700);
        (await Queue.CountAsync(CancellationToken.None)).Ready.ShouldBe(0);
        await EndAsync(rule);

        for (var i = 0; i < 1000 && (await Queue.CountAsync(CancellationToken.None)).Held > 0; i++)
            await Task.Delay(5);
        (await Queue.ClaimAsync(Google, 1000)).Messages().ShouldBe(stored);
    }

    [ContractFact]
    public async Task Hold_ClaimedDelivery_IsSetAsideWhenItComesBack()
    {
        await Queue.StoreAsync(Tagged());
        await Queue.StoreAsync(Tagged());
        var deferred = await Queue.ClaimAsync(Google);
        var released = await Queue.ClaimAsync(Google);
        var rule = await AddAsync(RuleAction.Hold, RuleScope.Tenant, "acme");
        (await CarriedOutAsync(rule.Id)).Holds.ShouldBe(0);

        await Queue.SettleAsync(deferred.Session, deferred.Deferred(TimeSpan.FromMinutes(1)));
        await Queue.ReleaseAsync(released.Session, CancellationToken.None);

        (await ListAsync()).ShouldHaveSingleItem().Holds.ShouldBe(2);
        Time.Advance(TimeSpan.FromMinutes(2));
        (await Queue.RefusedAsync(Google)).Reason.ShouldBe(WaitReason.Held);
        await EndAsync(rule);
        (await Queue.ClaimAsync(Google, 2)).Deliveries.Count.ShouldBe(2);
    }

    [ContractFact]
    public async Task Hold_ScheduledMail_KeepsItsTime()
    {
        await Queue.StoreAsync(Tagged() with { NotBefore = Now.AddMinutes(10) });
        var rule = await AddAsync(RuleAction.Hold, RuleScope.Tenant, "acme");
        await CarriedOutAsync(rule.Id);

        await EndAsync(rule);

        (await Queue.RefusedAsync(Google)).Until.ShouldBe(Now.AddMinutes(10));
    }

    [ContractFact]
    public async Task Hold_TwoRulesForOneDelivery_TakingOneAwayLeavesTheOther()
    {
        await Queue.StoreAsync(Tagged());
        var byTag = await AddAsync(RuleAction.Hold, RuleScope.Tag, "spring");
        var byTenant = await AddAsync(RuleAction.Hold, RuleScope.Tenant, "acme");
        var again = await AddAsync(RuleAction.Hold, RuleScope.Tag, "spring");
        await CarriedOutAsync(again.Id);

        foreach (var rule in new[] { byTag, again })
        {
            await EndAsync(rule);
            (await Queue.RefusedAsync(Google)).Reason.ShouldBe(WaitReason.Held);
        }
        await EndAsync(byTenant);

        (await Queue.ClaimAsync(Google)).Deliveries.Count.ShouldBe(1);
    }

    [ContractFact]
    public async Task Suspend_TwoRulesForOneLane_TakingOneAwayLeavesTheOther()
    {
        await Queue.StoreAsync(Tagged());
        var bySite = await AddAsync(RuleAction.Suspend, RuleScope.Site, Google.Site);
        var byLane = await AddAsync(RuleAction.Suspend, RuleScope.Lane, Google.ToString());

        await EndAsync(byLane);
        (await Queue.RefusedAsync(Google)).Reason.ShouldBe(WaitReason.Suspended);
        await EndAsync(bySite);

        (await Queue.ClaimAsync(Google)).Deliveries.Count.ShouldBe(1);
    }

    [ContractFact]
    public async Task Hold_LateSentOfAReapedSession_SettlesWhatIsSetAside()
    {
        var message = await Queue.StoreAsync(Tagged());
        var claim = await Queue.ClaimAsync(Google);
        await AddAsync(RuleAction.Hold, RuleScope.Tenant, "acme");
        await ReapAsync(NodeA);

        (await Queue.SettleAsync(claim.Session, claim.Sent())).ShouldBe(Settling.SettleVerdict.SettledLate);

        (await Queue.FindAsync(message.Id, CancellationToken.None)).ShouldBeEmpty();
        (await Queue.CountAsync(CancellationToken.None)).Held.ShouldBe(0);
    }
}
