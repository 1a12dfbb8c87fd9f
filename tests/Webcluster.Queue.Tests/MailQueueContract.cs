using Shouldly;
using Webcluster.Protocol.Addresses;
using Webcluster.Protocol.Smtp;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Settling;
using Xunit;
using static Webcluster.Queue.Tests.QueueSamples;

namespace Webcluster.Queue.Tests;

/// <summary>What every implementation of <see cref="IMailQueue"/> does. One class for each derives from it.</summary>
public abstract partial class MailQueueContract : QueueContract
{
    /// <summary>Two connections per site, five messages on each. The queue has these, default weights and a node expiry of 10 s.</summary>
    protected static SiteLimits Limits { get; } = new(Connections: 2, MessagesPerConnection: 5);

    [ContractFact]
    public async Task Claim_AfterEnqueue_GivesTheMessageAsItWas()
    {
        var message = Message(Now, To(Google, MailClass.Bulk, "anna", "bernd"));
        await Queue.StoreAsync(message);

        var claimed = (await Queue.ClaimAsync(Google)).Deliveries.ShouldHaveSingleItem();

        claimed.Id.ShouldBe(message.Delivery());
        claimed.Envelope.ShouldBe(message.Envelope);
        claimed.Recipients.ShouldBe(message.Deliveries[0].Recipients);
        claimed.Attempts.ShouldBe(0);
        claimed.AcceptedAt.ShouldBe(message.AcceptedAt);
        claimed.ExpiresAt.ShouldBe(message.ExpiresAt);
        claimed.MayHaveBeenSent.ShouldBeFalse();
        claimed.ContentLength.ShouldBe(message.Content.Length);
        claimed.Content.ShouldNotBeNull().ToArray().ShouldBe(message.Content.ToArray());
    }

    [ContractFact]
    public async Task Claim_NullReversePathAndEmptyContent_GivesThem()
    {
        var message = Message(Now) with
        {
            Envelope = new Envelope(null, null, DsnReturn.NotGiven, EightBit: false, SmtpUtf8: true, "größe"),
            Content = new MessageContent(default, default),
            Deliveries = [To(Google) with { Recipients = [new QueuedRecipient(new Mailbox("jürgen", "rcpt.example"), DsnNotify.NotGiven, null)] }],
        };
        await Queue.StoreAsync(message);

        var claimed = (await Queue.ClaimAsync(Google)).Deliveries.ShouldHaveSingleItem();

        claimed.Envelope.ShouldBe(message.Envelope);
        claimed.Recipients.ShouldBe(message.Deliveries[0].Recipients);
        claimed.Content.ShouldNotBeNull().Length.ShouldBe(0);
    }

    [ContractFact]
    public async Task Enqueue_SameIdAgain_ChangesNothing()
    {
        var message = await Queue.StoreAsync(Message(Now));

        (await Queue.EnqueueAsync(message with { Deliveries = [To(Yahoo)] }, CancellationToken.None)).ShouldBe(EnqueueResult.AlreadyStored);

        (await Queue.CountAsync(CancellationToken.None)).Ready.ShouldBe(1);
        (await Queue.RefusedAsync(Yahoo)).Reason.ShouldBe(WaitReason.NothingDue);
    }

    [ContractFact]
    public async Task Enqueue_SameIdManyTimesAtOnce_IsStoredOnce()
    {
        var message = Message(Now);

        var tries = Enumerable.Range(0, 20).Select(_ => Task.Run(() => Queue.EnqueueAsync(message, CancellationToken.None)));
        var results = await Task.WhenAll(tries);

        results.Count(result => result is EnqueueResult.Stored).ShouldBe(1);
        results.Count(result => result is EnqueueResult.AlreadyStored).ShouldBe(19);
        (await Queue.CountAsync(CancellationToken.None)).Ready.ShouldBe(1);
    }

    [ContractFact]
    public async Task Enqueue_SeveralLanes_ContentGoesWithTheLastDelivery()
    {
        var message = await Queue.StoreAsync(Message(Now, To(Google), To(Yahoo)));
        var google = await Queue.ClaimAsync(Google);
        var yahoo = await Queue.ClaimAsync(Yahoo);
        yahoo.Deliveries[0].Id.ShouldBe(message.Delivery(1));

        await Queue.SettleAsync(yahoo.Session, yahoo.Sent());
        (await Queue.ContentAsync(message.Id, google.Session)).ShouldNotBeNull().ToArray().ShouldBe(message.Content.ToArray());
        (await Queue.FindAsync(message.Id, CancellationToken.None)).ShouldHaveSingleItem().Lane.ShouldBe(Google);

        await Queue.SettleAsync(google.Session, google.Sent());
        (await Queue.ContentAsync(message.Id, google.Session)).ShouldBeNull();
        (await Queue.FindAsync(message.Id, CancellationToken.None)).ShouldBeEmpty();
        (await Queue.CountAsync(CancellationToken.None)).Messages.ShouldBe(0);
    }

    [ContractFact]
    public async Task Enqueue_TwoDeliveriesOfOneLane_AreSettledEachByItself()
    {
        var message = await Queue.StoreAsync(Message(Now, To(Google, MailClass.Normal, "anna"), To(Google, MailClass.Normal, "bernd")));
        var claim = await Queue.ClaimAsync(Google, 2);

        var verdicts = await Queue.SettleAsync(claim.Session, [claim.Sent(0), claim.Sent(1)], CancellationToken.None);

        verdicts.ShouldBe([SettleVerdict.Settled, SettleVerdict.Settled]);
        (await Queue.FindAsync(message.Id, CancellationToken.None)).ShouldBeEmpty();
    }

    [ContractFact]
    public async Task Claim_BeforeNotBefore_SaysWhenToComeBack()
    {
        var until = Now.AddMinutes(10);
        await Queue.StoreAsync(Message(Now) with { NotBefore = until });

        var refused = await Queue.RefusedAsync(Google);
        refused.Reason.ShouldBe(WaitReason.NothingDue);
        refused.Until.ShouldBe(until);

        Time.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromMilliseconds(1));
        (await Queue.RefusedAsync(Google)).Reason.ShouldBe(WaitReason.NothingDue);
        Time.Advance(TimeSpan.FromMilliseconds(1));
        (await Queue.ClaimAsync(Google)).Deliveries.Count.ShouldBe(1);
    }

    [ContractFact]
    public async Task Claim_UnknownLane_HasNothingDue()
    {
        var refused = await Queue.RefusedAsync(Yahoo);

        refused.Reason.ShouldBe(WaitReason.NothingDue);
        refused.Until.ShouldBeNull();
    }

    [ContractTheory]
    [InlineData(0, 0)]
    [InlineData(99, 0)]
    [InlineData(100, 1)]
    [InlineData(199, 1)]
    [InlineData(200, 2)]
    public async Task Claim_ContentBudget_GivesContentUpToIt(int budget, int withContent)
    {
        for (var i = 0; i < 3; i++)
            await Queue.StoreAsync(Message(Now) with { Content = new MessageContent(new byte[40], new byte[60]) });

        var result = await Queue.ClaimAsync(new ClaimRequest(NodeA, Google, null, 3, budget), CancellationToken.None);

        var granted = result.ShouldBeOfType<ClaimResult.Granted>();
        var deliveries = granted.Deliveries;
        deliveries.Count.ShouldBe(3);
        deliveries.Count(delivery => delivery.Content is not null).ShouldBe(withContent);
        deliveries.ShouldAllBe(delivery => delivery.ContentLength == 100);
        var content = await Queue.ContentAsync(deliveries[2].Id.Message, granted.Session);
        content.ShouldNotBeNull().Prefix.Length.ShouldBe(40);
    }

    [ContractFact]
    public async Task Count_EveryState_IsCounted()
    {
        await Queue.StoreAsync(Message(Now, To(Google), To(Yahoo)));
        await Queue.StoreAsync(Message(Now) with { NotBefore = Now.AddHours(1) });
        await Queue.ClaimAsync(Yahoo);

        var counts = await Queue.CountAsync(CancellationToken.None);

        counts.Messages.ShouldBe(2);
        counts.Ready.ShouldBe(1);
        counts.Scheduled.ShouldBe(1);
        counts.Claimed.ShouldBe(1);
        counts.Lanes.ShouldBe(2);
        counts.Sessions.ShouldBe(1);
        counts.OldestReady.ShouldBe(Now);
        counts.ContentOctets.ShouldBe(2 * Message(Now).Content.Length);
    }

    [ContractFact]
    public async Task Lanes_Several_LargestFirstWithTheReasonTheyWait()
    {
        for (var i = 0; i < 3; i++)
            await Queue.StoreAsync(Message(Now, To(Google)));
        await Queue.StoreAsync(Message(Now, To(Yahoo)) with { NotBefore = Now.AddHours(1) });

        var lanes = await Queue.LanesAsync(10, CancellationToken.None);

        lanes.Select(lane => lane.Lane).ShouldBe([Google, Yahoo]);
        lanes.Select(lane => lane.Waits).ShouldBe([null, WaitReason.NothingDue]);
        lanes[0].Ready.ShouldBe(3);
        lanes[1].NextDue.ShouldBe(Now.AddHours(1));
        (await Queue.LanesAsync(1, CancellationToken.None)).ShouldHaveSingleItem().Lane.ShouldBe(Google);
    }

    [ContractFact]
    public async Task SiteLanes_AmongManyLargerOnes_AreFoundWithAllTheirPools()
    {
        await Queue.StoreAsync(Message(Now, To(Google)));
        for (var i = 0; i < 1500; i += 50)
            await Queue.StoreAsync(Message(Now, [.. Enumerable.Range(i, 50).SelectMany(n => new[] { To(Other(n)), To(Other(n)) })]));
        await Queue.StoreAsync(Message(Now, To(GoogleBulk)) with { NotBefore = Now.AddHours(1) });
        await Queue.StoreAsync(Message(Now, To(GoogleBulk)) with { NotBefore = Now.AddHours(2) });
        await Queue.StoreAsync(Message(Now, To(Google with { Site = "mx.google.example.org" })));
        await Queue.StoreAsync(Message(Now, To(new("own.example", "own.example", "main"))));

        var lanes = await Queue.SiteLanesAsync(Google.Provider, Google.Site, CancellationToken.None);

        lanes.Select(lane => lane.Lane).ShouldBe([GoogleBulk, Google]);
        lanes.Select(lane => (lane.Ready, lane.Scheduled, lane.Waits)).ShouldBe([(0, 2, WaitReason.NothingDue), (1, 0, null)]);
        (await Queue.SiteLanesAsync("own.example", "own.example", CancellationToken.None)).ShouldHaveSingleItem().Ready.ShouldBe(1);
        (await Queue.SiteLanesAsync("google", "google", CancellationToken.None)).ShouldBeEmpty();
        (await Queue.SiteLanesAsync("nobody", "mx.nobody.example", CancellationToken.None)).ShouldBeEmpty();

        static LaneKey Other(int number) => new("google", $"mx{number}.example", "main");
    }

    [ContractFact]
    public async Task Find_ClaimedDelivery_NamesItsSession()
    {
        var message = await Queue.StoreAsync(Message(Now, To(Google, MailClass.Bulk, "anna")));
        var claim = await Queue.ClaimAsync(Google);

        var status = (await Queue.FindAsync(message.Id, CancellationToken.None)).ShouldHaveSingleItem();

        status.Id.ShouldBe(message.Delivery());
        status.Session.ShouldBe(claim.Session);
        status.Class.ShouldBe(MailClass.Bulk);
        status.Tenant.ShouldBe("acme");
        status.Due.ShouldBe(Now);
        status.Recipients.ShouldBe(message.Deliveries[0].Recipients);
    }
}
