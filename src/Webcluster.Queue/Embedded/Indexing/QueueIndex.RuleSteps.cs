using Webcluster.Queue.Embedded.Storage;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Rules;

namespace Webcluster.Queue.Embedded.Indexing;

internal sealed partial class QueueIndex
{
    /// <summary>Takes what a rule changes of these deliveries out of everyone's reach, until the step is finished or given up.</summary>
    public RuleStep PlanStep(ActiveRule rule, IReadOnlyList<DeliveryPlace> places, bool isLast)
    {
        var now = Now;
        var changes = new List<RuleChange>();
        var underWay = 0;
        foreach (var place in places)
        {
            if (Find(place.Id.Message)?.Find(place.Id.Ordinal) is not { Bounce: null } delivery)
                continue;
            if (!RuleBook.Matches(rule.Rule.Target, delivery))
                continue;
            if (rule.Rule.Action is RuleAction.Expedite)
                EndPause(delivery.Flow.Lane);
            if (delivery.State is DeliveryState.Held or DeliveryState.Settling)
                underWay++;
            else if (IsChangedBy(rule.Rule, delivery, now))
                changes.Add(Take(delivery));
        }
        var stored = rule.Stored;
        var after = stored with
        {
            Cursor = places.Count > 0 ? places[^1].Row : stored.Cursor, Done = stored.Done + changes.Count,
            UnderWay = stored.UnderWay + underWay, IsRunning = !isLast,
        };
        return new RuleStep(rule, after, changes, now, isLast ? _rules.ToForget() : []);
    }

    /// <summary>The step is durable: the index follows.</summary>
    public void Finish(RuleStep step)
    {
        step.Rule.Stored = step.After;
        foreach (var change in step.Changes)
        {
            var lane = change.Delivery.Flow.Lane;
            lane.Claimed--;
            Finish(step, change);
            Refresh(lane);
        }
        foreach (var rule in step.Forgotten)
            EndRule(rule, isStillStored: false);
        if (!step.After.IsRunning)
            _rules.Done(step.Rule);
    }

    /// <summary>Nothing of it was stored: what it took waits again.</summary>
    public void GiveUp(RuleStep step)
    {
        foreach (var change in step.Changes)
            GiveBack(change);
    }

    /// <summary>Lets one delivery of a step wait again as it was.</summary>
    public void GiveBack(RuleChange change)
    {
        change.Delivery.Flow.Lane.Claimed--;
        Wait(change.Delivery, change.Delivery.Key);
    }

    private static bool IsChangedBy(QueueRule rule, Delivery delivery, long now) => rule.Action switch
    {
        RuleAction.Bounce or RuleAction.Drop => true,
        RuleAction.Expedite => delivery.Key > now,
        RuleAction.Move => delivery.Flow.Lane.Key.Pool != rule.Pool,
        RuleAction.Suspend or RuleAction.Hold or _ => throw new ArgumentOutOfRangeException(nameof(rule)),
    };

    private RuleChange Take(Delivery delivery)
    {
        var lane = delivery.Flow.Lane;
        Withdraw(delivery);
        delivery.State = DeliveryState.Settling;
        lane.Claimed++;
        Refresh(lane);
        return new RuleChange(delivery);
    }

    private void Finish(RuleStep step, RuleChange change)
    {
        var delivery = change.Delivery;
        var name = delivery.Flow.Name;
        switch (step.Rule.Rule.Action)
        {
            case RuleAction.Drop when change.Rest is null:
                Remove(delivery);
                break;
            case RuleAction.Drop:
                Narrow(delivery, change.Rest);
                break;
            case RuleAction.Bounce when change.Rest is null:
                delivery.Bounce = step.BounceText;
                delivery.Flow = LaneOf(LaneKey.Bounces).FlowOf(name);
                Wait(delivery, step.Due);
                break;
            case RuleAction.Bounce:
                Narrow(delivery, change.Rest);
                Load(change.Made);
                break;
            case RuleAction.Expedite:
                Wait(delivery, step.Due);
                break;
            case RuleAction.Move:
                delivery.Flow = LaneOf(delivery.Flow.Lane.Key with { Pool = step.Rule.Rule.Pool! }).FlowOf(name);
                Wait(delivery, delivery.Key);
                break;
            case RuleAction.Suspend or RuleAction.Hold:
                break;
        }
    }

    private void Narrow(Delivery delivery, Recipients rest)
    {
        _hot.Drop(delivery.Message);
        delivery.Domains = _words.Of(rest.Domains);
        Wait(delivery, delivery.Key);
    }

    private void EndPause(Lane lane)
    {
        if (!lane.IsPaused)
            return;
        _paused.Remove(lane.ByPauseEnd);
        Refresh(lane);
    }
}
