using System.Threading.Channels;
using Webcluster.Queue.Embedded.Storage;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Rules;

namespace Webcluster.Queue.Embedded.Indexing;

internal sealed partial class QueueIndex
{
    /// <summary>What is let go at once when a rule ends; the rest follows in steps of as many.</summary>
    public const int RuleStepSize = 256;

    private readonly RuleBook _rules = new();
    private readonly Channel<bool> _ruleWork = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    public RuleBook Rules => _rules;

    /// <summary>Ends when a rule may want a step. For one caller.</summary>
    public async ValueTask WaitForRuleWorkAsync(CancellationToken cancellation) => await _ruleWork.Reader.ReadAsync(cancellation);

    /// <summary>The rule is stored, and in force from here on.</summary>
    /// <param name="walk">Deliveries are in the index already: those it is about have to be found.</param>
    public void AddRule(ActiveRule rule, bool walk)
    {
        rule.IsWalking = walk && rule.Rule is { IsStanding: true, StopsLanes: false };
        _rules.Add(rule);
        if (rule.Rule.StopsLanes)
            RefreshStops(rule.Rule.Target);
        _wake.Sooner(_rules.NextEnd);
        HasRuleWork();
    }

    /// <summary>The rule is out of force; a part of what it set aside goes on, the rest follows.</summary>
    public void EndRule(ActiveRule rule, bool isStillStored)
    {
        if (rule.IsOver)
            return;
        rule.IsStillStored = isStillStored;
        _rules.End(rule);
        if (rule.Rule.StopsLanes)
            RefreshStops(rule.Rule.Target);
        LetGo(rule);
        HasRuleWork();
    }

    /// <summary>Lets some of what an ended rule set aside go on, unless another rule holds it.</summary>
    /// <returns>False where nothing is left.</returns>
    public bool LetGo(ActiveRule rule)
    {
        for (var i = 0; i < RuleStepSize && rule.Aside.Top is { } delivery; i++)
        {
            Withdraw(delivery);
            Enter(delivery, delivery.Key);
            Refresh(delivery.Flow.Lane);
        }
        return rule.Aside.Count > 0;
    }

    /// <summary>Where a message's deliveries stand; null where the rule is about no single message.</summary>
    public List<DeliveryPlace>? PlacesOf(RuleTarget target)
    {
        if (target.Scope is not RuleScope.Message || !MessageId.TryParse(target.Value, out var id))
            return null;
        return Find(id) is { } message
            ? [.. message.Deliveries.Select(delivery => new DeliveryPlace(delivery.Row, new(id, delivery.Ordinal)))]
            : [];
    }

    /// <summary>Sets aside those of these deliveries that wait and that a rule holds.</summary>
    public void SetAside(ActiveRule rule, IReadOnlyList<DeliveryPlace> places, bool isLast)
    {
        // It was taken away while the places were read.
        if (rule.IsOver)
            return;
        foreach (var place in places)
        {
            if (Waiting(place) is not { State: not DeliveryState.SetAside } delivery || _rules.HolderOf(delivery) is null)
                continue;
            Withdraw(delivery);
            Enter(delivery, delivery.Key);
            Refresh(delivery.Flow.Lane);
        }
        if (places.Count > 0)
            rule.Cursor = places[^1].Row;
        if (!isLast)
            return;
        rule.IsWalking = false;
        _rules.Done(rule);
    }

    /// <summary>Every rule in force or done lately. Costs as much as there are lanes and rules, whatever is queued.</summary>
    public IReadOnlyList<RuleStatus> RuleStatuses()
    {
        CatchUp(Now);
        var stopped = new Dictionary<ActiveRule, long>();
        foreach (var lane in _lanes.Values)
            if (lane.Stopper is { } stopper)
                stopped[stopper] = stopped.GetValueOrDefault(stopper) + lane.Ready + lane.Scheduled;
        return [.. _rules.All.Select(rule => new RuleStatus(
            rule.Rule, rule.Aside.Count + stopped.GetValueOrDefault(rule), rule.Stored.Done, rule.Stored.UnderWay,
            rule.IsWalking || rule.Stored.IsRunning))];
    }

    /// <summary>Lets a delivery that is nobody's wait: aside where a rule holds it, else in its flow.</summary>
    private void Enter(Delivery delivery, long due)
    {
        var lane = delivery.Flow.Lane;
        if (_rules.HolderOf(delivery) is not { } rule)
        {
            lane.Wait(delivery, due, Now);
            return;
        }
        delivery.State = DeliveryState.SetAside;
        delivery.Rule = rule;
        rule.Aside.Set(delivery, due);
        lane.Held++;
    }

    /// <summary>Takes out a delivery that waits, wherever that is.</summary>
    private static void Withdraw(Delivery delivery)
    {
        if (delivery.Rule is { } rule)
        {
            rule.Aside.Remove(delivery);
            delivery.Rule = null;
            delivery.Flow.Lane.Held--;
        }
        else
        {
            delivery.Flow.Lane.Withdraw(delivery);
        }
    }

    /// <summary>
    /// Sets aside what a rule holds of what would be claimed next, so that a rule is in force before the queue has been gone through.
    /// Bounded: where that does not bring up anything that may be claimed, the next claim goes on.
    /// </summary>
    /// <returns>Whether the next delivery may be claimed.</returns>
    private bool Sift(Lane lane)
    {
        var sifted = 0;
        while (sifted < RuleStepSize && lane.Next is { } next && _rules.HolderOf(next) is not null)
        {
            Withdraw(next);
            Enter(next, next.Key);
            sifted++;
        }
        if (sifted > 0)
            Refresh(lane);
        return sifted < RuleStepSize && lane.Ready > 0;
    }

    /// <summary>The delivery in that place where it waits and is not to bounce already.</summary>
    private Delivery? Waiting(DeliveryPlace place)
    {
        var found = Find(place.Id.Message)?.Find(place.Id.Ordinal);
        return found is { Bounce: null, State: DeliveryState.Ready or DeliveryState.Scheduled or DeliveryState.SetAside } ? found : null;
    }

    private void RefreshStops(RuleTarget target)
    {
        foreach (var lane in _lanes.Values.Where(lane => IsOf(lane, target)).ToList())
        {
            lane.Stopper = _rules.StopperOf(lane);
            Refresh(lane);
        }
    }

    private static bool IsOf(Lane lane, RuleTarget target) => target.Scope switch
    {
        RuleScope.Lane => lane.Name == target.Value,
        RuleScope.Site => lane.Key.Site == target.Value,
        RuleScope.Provider => lane.Key.Provider == target.Value,
        _ => false,
    };

    private void EndOverdueRules(long now)
    {
        while (_rules.Overdue(now) is { } rule)
            EndRule(rule, isStillStored: true);
    }

    private void HasRuleWork() => _ruleWork.Writer.TryWrite(true);
}
