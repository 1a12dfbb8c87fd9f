using Shouldly;
using Webcluster.Protocol.Addresses;
using Webcluster.Protocol.Smtp;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Rules;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Settling;
using Xunit;
using static Webcluster.Queue.Tests.QueueSamples;

namespace Webcluster.Queue.Tests.Rules;

public abstract partial class QueueRulesContract
{
    public static TheoryData<RuleScope> Scopes => [.. Enum.GetValues<RuleScope>()];

    [ContractTheory]
    [MemberData(nameof(Scopes))]
    public async Task Drop_ByEachScope_RemovesWhatWaitsAndNothingElse(RuleScope scope)
    {
        var message = await Queue.StoreAsync(Tagged());
        var other = await Queue.StoreAsync(Tagged("else.example", "other", "autumn", Yahoo));

        var status = await CarryOutAsync(RuleAction.Drop, scope, Value(scope, message));

        (status.Done, status.UnderWay).ShouldBe((1, 0));
        (await Queue.FindAsync(message.Id, CancellationToken.None)).ShouldBeEmpty();
        (await Queue.ContentAsync(message.Id)).ShouldBeNull();
        await Queue.StoreAsync(Tagged());
        (await Queue.ClaimAsync(Google)).Deliveries.Count.ShouldBe(1, "mail that comes later is not dropped");
        (await Queue.ClaimAsync(Yahoo)).Messages().ShouldBe([other.Id]);
        await RestartAsync();
        (await Queue.FindAsync(message.Id, CancellationToken.None)).ShouldBeEmpty();
        (await ListAsync()).ShouldHaveSingleItem().Done.ShouldBe(1);
    }

    [ContractTheory]
    [MemberData(nameof(Scopes))]
    public async Task Bounce_ByEachScope_ComesToWhoeverSettlesIt(RuleScope scope)
    {
        var message = await Queue.StoreAsync(Tagged() with { NotBefore = Now.AddDays(1) });

        (await CarryOutAsync(RuleAction.Bounce, scope, Value(scope, message))).Done.ShouldBe(1);

        (await Queue.NextAsync()).ShouldBe([LaneKey.Bounces]);
        await RestartAsync();
        var claim = await Queue.ClaimAsync(LaneKey.Bounces);
        var bounced = claim.Deliveries.ShouldHaveSingleItem();
        bounced.Id.ShouldBe(message.Delivery());
        bounced.Recipients.ShouldBe(message.Deliveries[0].Recipients);
        bounced.Envelope.ShouldBe(message.Envelope);
        bounced.Bounce.ShouldNotBeNull().ShouldContain("because");
        (await Queue.SettleAsync(claim.Session, new Settlement.Done(bounced.Id, Sent: false))).ShouldBe(SettleVerdict.Settled);
        (await Queue.FindAsync(message.Id, CancellationToken.None)).ShouldBeEmpty();
    }

    [ContractFact]
    public async Task Bounce_WhatIsHeldOrSuspended_GoesAllTheSame()
    {
        await Queue.StoreAsync(Tagged());
        await Queue.StoreAsync(Tagged(lane: Yahoo));
        await AddAsync(RuleAction.Suspend, RuleScope.Site, Yahoo.Site);
        await CarriedOutAsync((await AddAsync(RuleAction.Hold, RuleScope.Tag, "spring")).Id);

        (await CarryOutAsync(RuleAction.Bounce, RuleScope.Tenant, "acme")).Done.ShouldBe(2);

        var bounced = 0;
        while (await Queue.TryClaimAsync(LaneKey.Bounces, 10) is ClaimResult.Granted claim)
            bounced += claim.Deliveries.Count;
        bounced.ShouldBe(2);
        (await Queue.CountAsync(CancellationToken.None)).Held.ShouldBe(0);
    }

    [ContractTheory]
    [InlineData(RuleAction.Bounce)]
    [InlineData(RuleAction.Drop)]
    [InlineData(RuleAction.Move)]
    public async Task Once_ClaimedDelivery_IsCountedAsUnderWayAndStays(RuleAction action)
    {
        var message = await Queue.StoreAsync(Tagged());
        var claim = await Queue.ClaimAsync(Google);

        var status = await CarryOutAsync(action, RuleScope.Tenant, "acme", action is RuleAction.Move ? "other" : null);

        (status.Done, status.UnderWay).ShouldBe((0, 1));
        (await Queue.SettleAsync(claim.Session, claim.Deferred(TimeSpan.Zero))).ShouldBe(SettleVerdict.Settled);
        (await Queue.ClaimAsync(Google)).Messages().ShouldBe([message.Id]);
    }

    [ContractTheory]
    [MemberData(nameof(Scopes))]
    public async Task Expedite_ByEachScope_IsDueNow(RuleScope scope)
    {
        var message = await Queue.StoreAsync(Tagged() with { NotBefore = Now.AddHours(1) });
        await Queue.StoreAsync(Tagged("else.example", "other", "autumn", Yahoo) with { NotBefore = Now.AddHours(1) });
        var next = Queue.NextAsync();

        (await CarryOutAsync(RuleAction.Expedite, scope, Value(scope, message))).Done.ShouldBe(1);

        (await next.SoonAsync()).ShouldBe([Google]);
        await RestartAsync();
        (await Queue.ClaimAsync(Google)).Messages().ShouldBe([message.Id]);
        (await Queue.RefusedAsync(Yahoo)).Reason.ShouldBe(WaitReason.NothingDue);
    }

    [ContractTheory]
    [MemberData(nameof(Scopes))]
    public async Task Expedite_PausedLane_EndsThePause(RuleScope scope)
    {
        var message = await Queue.StoreAsync(Tagged());
        await Queue.PauseLaneAsync(Google, TimeSpan.FromMinutes(5), CancellationToken.None);

        await CarryOutAsync(RuleAction.Expedite, scope, Value(scope, message));

        (await Queue.ClaimAsync(Google)).Deliveries.Count.ShouldBe(1);
    }

    [ContractTheory]
    [MemberData(nameof(Scopes))]
    public async Task Move_ByEachScope_GoesOnInTheOtherPool(RuleScope scope)
    {
        var message = await Queue.StoreAsync(Tagged());

        (await CarryOutAsync(RuleAction.Move, scope, Value(scope, message), GoogleBulk.Pool)).Done.ShouldBe(1);

        (await Queue.RefusedAsync(Google)).Reason.ShouldBe(WaitReason.NothingDue);
        await RestartAsync();
        (await Queue.ClaimAsync(GoogleBulk)).Messages().ShouldBe([message.Id]);
    }

    [ContractFact]
    public async Task Move_HeldDelivery_IsHeldThere()
    {
        await Queue.StoreAsync(Tagged());
        var hold = await AddAsync(RuleAction.Hold, RuleScope.Tenant, "acme");
        await CarriedOutAsync(hold.Id);

        await CarryOutAsync(RuleAction.Move, RuleScope.Tenant, "acme", GoogleBulk.Pool);

        (await Queue.RefusedAsync(GoogleBulk)).Reason.ShouldBe(WaitReason.Held);
        await EndAsync(hold);
        (await Queue.ClaimAsync(GoogleBulk)).Deliveries.Count.ShouldBe(1);
    }

    [ContractFact]
    public async Task Drop_OneOfSeveralDomains_LeavesTheOthers()
    {
        var message = await Queue.StoreAsync(Mixed());

        (await CarryOutAsync(RuleAction.Drop, RuleScope.Domain, "two.example")).Done.ShouldBe(2);

        await RestartAsync();
        (await CarryOutAsync(RuleAction.Drop, RuleScope.Domain, "two.example")).Done.ShouldBe(0);
        var left = (await Queue.ClaimAsync(Google, 10)).Deliveries;
        left.Select(delivery => delivery.Id).ShouldBe([message.Delivery(0), message.Delivery(1)]);
        foreach (var delivery in left)
            delivery.Recipients.Select(recipient => recipient.Address.ToString()).ShouldBe(["a@one.example", "d@one.example"]);
    }

    [ContractFact]
    public async Task Bounce_OneOfSeveralDomains_BouncesThemAloneAsADeliveryOfTheirOwn()
    {
        var message = await Queue.StoreAsync(Mixed());

        (await CarryOutAsync(RuleAction.Bounce, RuleScope.Domain, "two.example")).Done.ShouldBe(2);

        await RestartAsync();
        var left = await Queue.ClaimAsync(Google, 10);
        left.Deliveries.Select(delivery => delivery.Recipients.Count).ShouldBe([2, 2]);
        left.Deliveries.ShouldAllBe(delivery => delivery.Bounce == null);
        var bounced = await Queue.ClaimAsync(LaneKey.Bounces, 10);
        bounced.Deliveries.SelectMany(delivery => delivery.Recipients).Select(recipient => recipient.Address.ToString())
            .ShouldBe(["b@two.example", "c@two.example", "b@two.example", "c@two.example"]);
        bounced.Deliveries.ShouldAllBe(delivery => delivery.Bounce != null && delivery.Content != null);
        left.Deliveries.Concat(bounced.Deliveries).Select(delivery => delivery.Id).Distinct().Count().ShouldBe(4);

        foreach (var claim in new[] { left, bounced })
            await Queue.SettleAsync(claim.Session, [claim.Sent(0), claim.Sent(1)], CancellationToken.None);
        (await Queue.FindAsync(message.Id, CancellationToken.None)).ShouldBeEmpty();
        (await Queue.CountAsync(CancellationToken.None)).Messages.ShouldBe(0);
    }

    [ContractTheory]
    [InlineData(RuleAction.Drop)]
    [InlineData(RuleAction.Bounce)]
    [InlineData(RuleAction.Expedite)]
    public async Task Once_InterruptedByRestarts_IsCarriedOutOnAllOfThemOnce(RuleAction action)
    {
        for (var i = 0; i < 900; i++)
            await Queue.StoreAsync(Tagged() with { NotBefore = Now.AddDays(1) });
        var rule = await AddAsync(action, RuleScope.Tenant, "acme");
        for (var i = 0; i < 3; i++)
            await RestartAsync();

        var status = await CarriedOutAsync(rule.Id);

        (status.Done, status.UnderWay).ShouldBe((900, 0));
        var counts = await Queue.CountAsync(CancellationToken.None);
        (counts.Ready, counts.Scheduled).ShouldBe((action is RuleAction.Drop ? 0 : 900, 0));
    }

    [ContractFact]
    public async Task Once_SeveralAtATime_EachIsCarriedOut()
    {
        for (var i = 0; i < 600; i++)
            await Queue.StoreAsync(Tagged(tenant: i % 2 == 0 ? "even" : "odd"));

        var dropped = await AddAsync(RuleAction.Drop, RuleScope.Tenant, "even");
        var moved = await AddAsync(RuleAction.Move, RuleScope.Tenant, "odd", rule => rule with { Pool = GoogleBulk.Pool });

        (await CarriedOutAsync(dropped.Id)).Done.ShouldBe(300);
        (await CarriedOutAsync(moved.Id)).Done.ShouldBe(300);
        (await Queue.LanesAsync(10, CancellationToken.None)).ShouldHaveSingleItem().Lane.ShouldBe(GoogleBulk);
    }

    /// <summary>Two deliveries, each with recipients of two domains.</summary>
    private NewMessage Mixed()
    {
        QueuedRecipient[] recipients =
        [
            .. new[] { "a@one.example", "b@two.example", "c@two.example", "d@one.example" }.Select(address =>
                new QueuedRecipient(new Mailbox(address[..1], address[2..]), DsnNotify.Failure, null)),
        ];
        var delivery = new NewDelivery(Google, MailClass.Normal, recipients);
        return Message(Now, delivery, delivery);
    }
}
