using System.Collections.Concurrent;
using Shouldly;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Settling;
using Xunit;
using static Webcluster.Queue.Tests.QueueSamples;

namespace Webcluster.Queue.Tests;

public abstract partial class MailQueueContract
{
    private static readonly TimeSpan Later = TimeSpan.FromMinutes(5);

    [ContractTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Settle_Done_IsGone(bool sent)
    {
        var message = await Queue.StoreAsync(Message(Now));
        var claim = await Queue.ClaimAsync(Google);

        (await Queue.SettleAsync(claim.Session, new Settlement.Done(message.Delivery(), sent))).ShouldBe(SettleVerdict.Settled);

        await ShouldBeGoneAsync(message);
        (await Queue.CountAsync(CancellationToken.None)).ContentOctets.ShouldBe(0);
    }

    [ContractFact]
    public async Task Settle_Deferred_WaitsWithThoseWhoRemain()
    {
        var message = await Queue.StoreAsync(Message(Now, To(Google, MailClass.Normal, "anna", "bernd")));
        var claim = await Queue.ClaimAsync(Google);
        var remaining = Recipient("bernd") with { LastReply = "450 4.2.1 später", DelayNotified = true };

        await Queue.SettleAsync(claim.Session, new Settlement.Deferred(message.Delivery(), [remaining], Later, CountsAttempt: true));

        (await Queue.RefusedAsync(Google)).Until.ShouldBe(Now + Later);
        Time.Advance(Later);
        var again = (await Queue.ClaimAsync(Google)).Deliveries.ShouldHaveSingleItem();
        again.Recipients.ShouldBe([remaining]);
        again.Attempts.ShouldBe(1);
        again.Envelope.ShouldBe(message.Envelope);
        again.Content.ShouldNotBeNull().ToArray().ShouldBe(message.Content.ToArray());
    }

    [ContractFact]
    public async Task Settle_DeferredNotCounting_LeavesAttempts()
    {
        await Queue.StoreAsync(Message(Now));
        var claim = await Queue.ClaimAsync(Google);
        await Queue.SettleAsync(claim.Session, claim.Deferred(TimeSpan.Zero));
        claim = await Queue.ClaimAsync(Google, 1, claim.Session);
        await Queue.SettleAsync(claim.Session, claim.Deferred(Later, countsAttempt: false));
        Time.Advance(Later);

        (await Queue.ClaimAsync(Google)).Deliveries[0].Attempts.ShouldBe(1);
    }

    [ContractFact]
    public async Task Settle_DeferredWithoutRecipients_IsTheCallersMistake()
    {
        await Queue.StoreAsync(Message(Now));
        var claim = await Queue.ClaimAsync(Google);

        await Should.ThrowAsync<ArgumentException>(
            Queue.SettleAsync(claim.Session, new Settlement.Deferred(claim.Deliveries[0].Id, [], Later, CountsAttempt: true)));

        (await Queue.SettleAsync(claim.Session, claim.Sent())).ShouldBe(SettleVerdict.Settled);
    }

    [ContractFact]
    public async Task Settle_Returned_IsDueAtOnceInItsOldPlace()
    {
        var stored = await StoreInAsync(Google, 2);
        var claim = await Queue.ClaimAsync(Google);

        (await Queue.SettleAsync(claim.Session, new Settlement.Returned(claim.Deliveries[0].Id))).ShouldBe(SettleVerdict.Settled);

        var again = await Queue.ClaimAsync(Google, 2);
        again.Messages().ShouldBe(stored);
        again.Deliveries[0].Attempts.ShouldBe(0);
        again.Deliveries[0].MayHaveBeenSent.ShouldBeFalse();
    }

    [ContractFact]
    public async Task Settle_Rerouted_WaitsInTheOtherLane()
    {
        var message = await Queue.StoreAsync(Message(Now));
        var claim = await Queue.ClaimAsync(Google);

        await Queue.SettleAsync(claim.Session, new Settlement.Rerouted(message.Delivery(), Yahoo));
        await Queue.ReleaseAsync(claim.Session, CancellationToken.None);

        (await Queue.NextAsync()).ShouldBe([Yahoo]);
        (await Queue.RefusedAsync(Google)).Reason.ShouldBe(WaitReason.NothingDue);
        var moved = (await Queue.ClaimAsync(Yahoo)).Deliveries.ShouldHaveSingleItem();
        moved.Id.ShouldBe(message.Delivery());
        moved.Attempts.ShouldBe(0);
        moved.Recipients.ShouldBe(message.Deliveries[0].Recipients);
        (await Queue.LanesAsync(10, CancellationToken.None)).ShouldHaveSingleItem().Lane.ShouldBe(Yahoo);
    }

    [ContractFact]
    public async Task Settle_SeveralOutcomes_VerdictsStandInTheirOrder()
    {
        await StoreInAsync(Google, 4);
        var claim = await Queue.ClaimAsync(Google, 4);
        var unknown = new Settlement.Done(new DeliveryId(MessageId.New(Now), 0), Sent: true);

        Settlement[] outcomes =
        [
            claim.Sent(0), unknown, new Settlement.Returned(claim.Deliveries[1].Id), claim.Sent(0),
            claim.Deferred(Later) with { Delivery = claim.Deliveries[2].Id },
        ];

        var verdicts = await Queue.SettleAsync(claim.Session, outcomes, CancellationToken.None);

        verdicts.ShouldBe(
            [SettleVerdict.Settled, SettleVerdict.Refused, SettleVerdict.Settled, SettleVerdict.Refused, SettleVerdict.Settled]);
        var counts = await Queue.CountAsync(CancellationToken.None);
        (counts.Ready, counts.Scheduled, counts.Claimed).ShouldBe((1L, 1L, 1L));
    }

    [ContractFact]
    public async Task Settle_Twice_TheSecondIsRefused()
    {
        var message = await Queue.StoreAsync(Message(Now));
        var claim = await Queue.ClaimAsync(Google);

        (await Queue.SettleAsync(claim.Session, claim.Sent())).ShouldBe(SettleVerdict.Settled);
        (await Queue.SettleAsync(claim.Session, claim.Sent())).ShouldBe(SettleVerdict.Refused);

        await ShouldBeGoneAsync(message);
    }

    [ContractFact]
    public async Task Settle_SentAfterReap_SettlesWhatWaitsAgain()
    {
        var message = await Queue.StoreAsync(Message(Now));
        var claim = await Queue.ClaimAsync(Google);
        await ReapAsync(NodeA);

        (await Queue.SettleAsync(claim.Session, claim.Sent())).ShouldBe(SettleVerdict.SettledLate);

        await ShouldBeGoneAsync(message);
    }

    [ContractFact]
    public async Task Settle_SentAfterReapTwiceInOneCall_TheSecondIsRefused()
    {
        await Queue.StoreAsync(Message(Now));
        var late = await Queue.ClaimAsync(Google);
        await ReapAsync(NodeA);

        var verdicts = await Queue.SettleAsync(late.Session, [late.Sent(), late.Sent()], CancellationToken.None);

        verdicts.ShouldBe([SettleVerdict.SettledLate, SettleVerdict.Refused]);
    }

    [ContractFact]
    public async Task Settle_SentAfterAnotherDeferredIt_SettlesWhatIsScheduled()
    {
        var message = await Queue.StoreAsync(Message(Now));
        var late = await Queue.ClaimAsync(Google);
        await ReapAsync(NodeA);
        var claim = await Queue.ClaimAsync(Google, node: NodeB);
        await Queue.SettleAsync(claim.Session, claim.Deferred(Later));

        (await Queue.SettleAsync(late.Session, late.Sent())).ShouldBe(SettleVerdict.SettledLate);

        await ShouldBeGoneAsync(message);
    }

    [ContractFact]
    public async Task Settle_SentAfterAnotherClaimedIt_IsADuplicateAndMarked()
    {
        await Queue.StoreAsync(Message(Now));
        var late = await Queue.ClaimAsync(Google);
        await Queue.ReleaseAsync(late.Session, CancellationToken.None);
        var claim = await Queue.ClaimAsync(Google, node: NodeB);
        claim.Deliveries[0].MayHaveBeenSent.ShouldBeFalse();

        (await Queue.SettleAsync(late.Session, late.Sent())).ShouldBe(SettleVerdict.Duplicate);

        await Queue.ReleaseAsync(claim.Session, CancellationToken.None);
        (await Queue.ClaimAsync(Google)).Deliveries[0].MayHaveBeenSent.ShouldBeTrue();
    }

    [ContractFact]
    public async Task Settle_OtherOutcomesAfterReap_AreRefused()
    {
        var message = await Queue.StoreAsync(Message(Now));
        var late = await Queue.ClaimAsync(Google);
        await ReapAsync(NodeA);
        Settlement[] outcomes =
        [
            new Settlement.Done(message.Delivery(), Sent: false), late.Deferred(Later), new Settlement.Returned(message.Delivery()),
            new Settlement.Rerouted(message.Delivery(), Yahoo),
        ];

        var verdicts = await Queue.SettleAsync(late.Session, outcomes, CancellationToken.None);

        verdicts.ShouldAllBe(verdict => verdict == SettleVerdict.Refused);
        var again = (await Queue.ClaimAsync(Google)).Deliveries.ShouldHaveSingleItem();
        again.Attempts.ShouldBe(0);
    }

    [ContractFact]
    public async Task Settle_SentAfterAnotherFailedIt_IsRefused()
    {
        var message = await Queue.StoreAsync(Message(Now));
        var late = await Queue.ClaimAsync(Google);
        await ReapAsync(NodeA);
        var claim = await Queue.ClaimAsync(Google, node: NodeB);
        await Queue.SettleAsync(claim.Session, new Settlement.Done(message.Delivery(), Sent: false));

        (await Queue.SettleAsync(late.Session, late.Sent())).ShouldBe(SettleVerdict.Refused);
    }

    [ContractFact]
    public async Task Settle_ReapedMark_StaysThroughDeferral()
    {
        await Queue.StoreAsync(Message(Now));
        await Queue.ClaimAsync(Google);
        await ReapAsync(NodeA);
        var claim = await Queue.ClaimAsync(Google);
        await Queue.SettleAsync(claim.Session, claim.Deferred(TimeSpan.Zero));

        (await Queue.ClaimAsync(Google, 1, claim.Session)).Deliveries[0].MayHaveBeenSent.ShouldBeTrue();
    }

    [ContractFact]
    public async Task Everything_Concurrently_EachMessageIsDeliveredOnce()
    {
        const int Messages = 600;
        LaneKey[] lanes = [Google, GoogleBulk, Yahoo];
        var sent = new ConcurrentDictionary<DeliveryId, int>();
        var left = Messages;

        async Task ProduceAsync(int producer)
        {
            for (var i = producer; i < Messages; i += 4)
                await Queue.StoreAsync(Message(Now, To(lanes[i % 3], (MailClass)(i % 3))));
        }

        async Task DeliverAsync(LaneKey lane, int worker)
        {
            for (var turn = 0; Volatile.Read(ref left) > 0; turn++)
            {
                if (await Queue.TryClaimAsync(lane, 3) is not ClaimResult.Granted claim)
                {
                    await Task.Yield();
                    continue;
                }
                if (turn % 5 != worker)
                {
                    sent.AddOrUpdate(claim.Deliveries[0].Id, 1, (_, times) => times + 1);
                    (await Queue.SettleAsync(claim.Session, claim.Sent())).ShouldBe(SettleVerdict.Settled);
                    Interlocked.Decrement(ref left);
                }
                await Queue.ReleaseAsync(claim.Session, CancellationToken.None);
            }
        }

        var work = Enumerable.Range(0, 4).Select(i => Task.Run(() => ProduceAsync(i)))
            .Concat(lanes.SelectMany(lane => Enumerable.Range(0, 2).Select(i => Task.Run(() => DeliverAsync(lane, i)))));
        await Task.WhenAll(work).WaitAsync(TimeSpan.FromMinutes(2));

        sent.Count.ShouldBe(Messages);
        sent.Values.ShouldAllBe(times => times == 1);
        (await Queue.CountAsync(CancellationToken.None)).Messages.ShouldBe(0);
    }

    private async Task ShouldBeGoneAsync(NewMessage message)
    {
        (await Queue.FindAsync(message.Id, CancellationToken.None)).ShouldBeEmpty();
        (await Queue.ContentAsync(message.Id)).ShouldBeNull();
        var counts = await Queue.CountAsync(CancellationToken.None);
        (counts.Messages, counts.Ready, counts.Scheduled, counts.Claimed).ShouldBe((0L, 0L, 0L, 0L));
    }
}
