using Webcluster.Queue.Sessions;
using Webcluster.Queue.Settling;

namespace Webcluster.Queue.Embedded.Indexing;

internal sealed partial class QueueIndex
{
    /// <summary>Judges outcomes and takes what they change out of everyone's reach, until the plan is finished or given up.</summary>
    /// <param name="records">From <see cref="SettlePlan.Encode"/>.</param>
    public SettlePlan Plan(SessionId id, IReadOnlyList<Settlement> outcomes, byte[]?[] records)
    {
        var plan = new SettlePlan(new SettleVerdict[outcomes.Count], new List<SettleChange>(outcomes.Count), []);
        var session = _sessions.GetValueOrDefault(id);
        for (var i = 0; i < outcomes.Count; i++)
            plan.Verdicts[i] = Judge(plan, id, session, outcomes[i], records[i]);
        return plan;
    }

    /// <summary>The plan is durable: the index follows.</summary>
    public void Finish(SettlePlan plan)
    {
        foreach (var change in plan.Changes)
            Finish(change);
        foreach (var delivery in plan.Duplicates)
            delivery.MayHaveBeenSent = true;
    }

    /// <summary>
    /// The outcomes are lost. Sessions that are still open hold their deliveries again; others wait again, and may have been sent.
    /// </summary>
    public void GiveUp(SettlePlan plan)
    {
        foreach (var change in plan.Changes)
        {
            var delivery = change.Delivery;
            if (change.Settler is { Closed: false } session)
            {
                delivery.State = DeliveryState.Held;
                session.Held.Add(delivery);
                continue;
            }
            delivery.MayHaveBeenSent |= change.Outcome is Settlement.Done { Sent: true };
            delivery.Flow.Lane.Claimed--;
            Wait(delivery, delivery.Key);
        }
    }

    private SettleVerdict Judge(SettlePlan plan, SessionId id, Session? session, Settlement outcome, byte[]? record)
    {
        if (Find(outcome.Delivery.Message)?.Find(outcome.Delivery.Ordinal) is not { } delivery)
            return SettleVerdict.Refused;
        if (session is not null && session.Held.Remove(delivery))
        {
            delivery.State = DeliveryState.Settling;
            var due = outcome is Settlement.Deferred deferred ? After(deferred.After) : delivery.Key;
            plan.Changes.Add(new SettleChange(delivery, session, outcome, due, record));
            return SettleVerdict.Settled;
        }
        if (outcome is not Settlement.Done { Sent: true } || delivery.Holder?.Id == id || plan.Has(delivery))
            return SettleVerdict.Refused;
        if (delivery.State is DeliveryState.Held or DeliveryState.Settling)
        {
            plan.Duplicates.Add(delivery);
            return SettleVerdict.Duplicate;
        }
        Withdraw(delivery);
        delivery.Flow.Lane.Claimed++;
        delivery.State = DeliveryState.Settling;
        Refresh(delivery.Flow.Lane);
        plan.Changes.Add(new SettleChange(delivery, null, outcome, delivery.Key, null));
        return SettleVerdict.SettledLate;
    }

    private void Finish(SettleChange change)
    {
        var delivery = change.Delivery;
        var lane = delivery.Flow.Lane;
        lane.Claimed--;
        switch (change.Outcome)
        {
            case Settlement.Done:
                Remove(delivery);
                Refresh(lane);
                break;
            case Settlement.Deferred deferred:
                _hot.Drop(delivery.Message);
                delivery.Domains = _words.Of([.. deferred.Remaining.Select(recipient => recipient.Address.Domain).Distinct()]);
                if (deferred.CountsAttempt)
                    delivery.Attempts++;
                Wait(delivery, change.Due);
                break;
            case Settlement.Returned:
                Wait(delivery, delivery.Key);
                break;
            case Settlement.Rerouted rerouted:
                delivery.Flow = LaneOf(rerouted.To).FlowOf(delivery.Flow.Name);
                Wait(delivery, delivery.Key);
                Refresh(lane);
                break;
        }
    }

    private void Remove(Delivery delivery)
    {
        var message = delivery.Message;
        delivery.State = DeliveryState.Gone;
        delivery.Holder = null;
        if (--message.Left > 0)
            return;
        _hot.Drop(message);
        _messages.Remove(message);
        ContentOctets -= message.ContentOctets;
        _quota.Release(message.ContentOctets);
    }
}
