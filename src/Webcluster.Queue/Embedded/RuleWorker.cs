using Microsoft.Extensions.Logging;
using Webcluster.Queue.Embedded.Indexing;
using Webcluster.Queue.Embedded.Storage;
using Webcluster.Queue.Embedded.Writing;
using Webcluster.Queue.Events;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Rules;

namespace Webcluster.Queue.Embedded;

/// <summary>
/// The loop that carries rules out: goes through the deliveries in the order of their rows, a few hundred at a time, a step for each rule
/// in turn, so that none waits for another's million and nothing else waits for more than a step.
/// </summary>
internal sealed class RuleWorker(
    QueueIndex index, ReadStorePool readers, GroupCommitWriter writer, RuleWorkerReports reports, TimeProvider time)
{
    private static readonly TimeSpan AfterTrouble = TimeSpan.FromSeconds(1);

    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await index.WaitForRuleWorkAsync(stop);
                while (Work() is { Count: > 0 } work)
                    foreach (var rule in work)
                        if (!await TryStepAsync(rule, stop))
                            await Task.Delay(AfterTrouble, time, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The queue is being closed; what is stored of each rule says where to go on.
        }
    }

    private IReadOnlyList<ActiveRule> Work()
    {
        lock (index.Gate)
            return index.Rules.Work;
    }

    /// <returns>False where the store did not do its part: the same step is tried again.</returns>
    private async ValueTask<bool> TryStepAsync(ActiveRule rule, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        try
        {
            if (rule.IsOver)
                return await TryEndAsync(rule, stop);
            var (places, isLast) = await NextPlacesAsync(rule);
            if (!rule.Rule.IsStanding)
                return await TryCarryOutAsync(rule, places, isLast, stop);
            lock (index.Gate)
                index.SetAside(rule, places, isLast);
            return true;
        }
        catch (StoreFaultException fault)
        {
            reports.Metrics.StoreFailed(fault.Kind);
            reports.Logger.RuleDelayed(fault, rule.Rule.Id);
            return false;
        }
    }

    private async ValueTask<bool> TryEndAsync(ActiveRule rule, CancellationToken stop)
    {
        bool isMore, isStillStored;
        lock (index.Gate)
            (isMore, isStillStored) = (index.LetGo(rule), rule.IsStillStored);
        if (isStillStored)
        {
            var operation = new EndRuleOperation(rule);
            if (!await writer.TryHandOverAsync(operation, stop) || !await operation.Completion)
                return false;
            reports.Logger.RuleOver(rule.Rule.Id, rule.Rule);
        }
        if (!isMore)
            lock (index.Gate)
                index.Rules.Done(rule);
        return true;
    }

    private async ValueTask<(IReadOnlyList<DeliveryPlace> Places, bool IsLast)> NextPlacesAsync(ActiveRule rule)
    {
        lock (index.Gate)
            if (index.PlacesOf(rule.Rule.Target) is { } found)
                return (found, true);
        var after = rule.Rule.IsStanding ? rule.Cursor : rule.Stored.Cursor;
        var places = await readers.ReadAsync(
            store => store.Places(after, rule.Stored.Through, QueueIndex.RuleStepSize), CancellationToken.None);
        return (places, places.Count < QueueIndex.RuleStepSize);
    }

    private async ValueTask<bool> TryCarryOutAsync(
        ActiveRule rule, IReadOnlyList<DeliveryPlace> places, bool isLast, CancellationToken stop)
    {
        RuleStep step;
        lock (index.Gate)
            step = index.PlanStep(rule, places, isLast);
        var (stored, events) = (false, (IReadOnlyList<MailEvent>)[]);
        try
        {
            step = await PartAsync(step);
            var operation = new RuleStepOperation(step);
            events = operation.Events;
            stored = await writer.TryHandOverAsync(operation, stop) && await operation.Completion;
        }
        finally
        {
            if (!stored)
                lock (index.Gate)
                    index.GiveUp(step);
        }
        if (!stored)
            return false;
        reports.Metrics.RuleDone(rule.Rule.Action, step.Changes.Count);
        reports.Events.Tell(events);
        if (isLast)
            reports.Logger.RuleCarriedOut(rule.Rule.Id, rule.Rule, step.After.Done, step.After.UnderWay);
        return true;
    }

    /// <summary>Finds out whom a rule by domain is about where a delivery has others too. Only bouncing and dropping must know.</summary>
    private async ValueTask<RuleStep> PartAsync(RuleStep step)
    {
        if (step.Rule.Rule is not { Action: RuleAction.Bounce or RuleAction.Drop, Target: { Scope: RuleScope.Domain, Value: var domain } })
            return step;
        var untouched = new List<RuleChange>();
        foreach (var change in step.Changes.Where(change => change.Delivery.Domains.Length > 1))
        {
            var row = change.Delivery.Row;
            var recipients = await readers.ReadAsync(store => store.Recipients(row), CancellationToken.None) ?? [];
            var part = recipients.Where(recipient => recipient.Address.Domain == domain).ToList();
            if (part.Count == 0)
                untouched.Add(change);
            else if (part.Count < recipients.Count)
                Split(step, change, part, [.. recipients.Except(part)]);
        }
        if (untouched.Count == 0)
            return step;
        lock (index.Gate)
            untouched.ForEach(index.GiveBack);
        return step with
        {
            Changes = [.. step.Changes.Except(untouched)], After = step.After with { Done = step.After.Done - untouched.Count },
        };
    }

    /// <summary>Only this loop adds deliveries to a message, so what it counts stays true until they are stored.</summary>
    private static void Split(RuleStep step, RuleChange change, List<QueuedRecipient> part, List<QueuedRecipient> rest)
    {
        var delivery = change.Delivery;
        var message = delivery.Message;
        var earlier = step.Changes.TakeWhile(other => other != change)
            .Count(other => other.Part is not null && other.Delivery.Message == message);
        var ordinal = message.Deliveries.Max(other => other.Ordinal) + 1 + earlier;
        change.Part = Recipients.Of(part);
        change.Rest = Recipients.Of(rest);
        change.Made = new DeliveryRow(
            0, message.Row, new(message.Id, ordinal), LaneKey.Bounces, delivery.Flow.Name, step.Due, 0, delivery.MayHaveBeenSent,
            message.AcceptedAt, message.ExpiresAt, message.ContentOctets, change.Part.Domains, message.Tags, step.BounceText);
    }
}

/// <summary>Whom the worker tells what it does.</summary>
internal sealed record RuleWorkerReports(QueueMetrics Metrics, ILogger Logger, EventOptions Events);
