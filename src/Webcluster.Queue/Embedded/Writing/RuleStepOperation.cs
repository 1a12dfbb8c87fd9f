using System.Diagnostics;
using Webcluster.Queue.Embedded.Indexing;
using Webcluster.Queue.Embedded.Storage;
using Webcluster.Queue.Events;
using Webcluster.Queue.Rules;

namespace Webcluster.Queue.Embedded.Writing;

/// <summary>One try at making a step of a rule durable, together with how far the rule has come.</summary>
internal sealed class RuleStepOperation(RuleStep step) : WriteOperation
{
    private const int OctetsPerChange = 256;
    private readonly TaskCompletionSource<bool> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<MailEvent> _events = [];

    /// <summary>True when it is durable; false when nothing was written.</summary>
    public Task<bool> Completion => _completion.Task;

    /// <summary>What it writes into the event log.</summary>
    public IReadOnlyList<MailEvent> Events => _events;

    public override long Octets => step.Changes.Count * OctetsPerChange;

    public override void Write(WriteBatch batch)
    {
        _events.Clear();
        foreach (var change in step.Changes)
            Write(batch, change);
        foreach (var happened in _events)
            batch.Store.Events.Add(EventRow.Of(happened));
        batch.Store.Rules.Save(step.After);
        foreach (var forgotten in step.Forgotten)
            batch.Store.Rules.Delete(forgotten.Stored.Row);
    }

    public override void Apply(QueueIndex index) => index.Finish(step);

    public override void Succeed() => _completion.SetResult(true);

    public override void Fail(EnqueueResult why) => _completion.SetResult(false);

    private void Write(WriteBatch batch, RuleChange change)
    {
        var delivery = change.Delivery;
        var store = batch.Store;
        if (change.Rest is { } rest)
            store.Rules.Narrow(delivery.Row, rest.Record);
        switch (step.Rule.Rule.Action)
        {
            case RuleAction.Bounce when change.Part is { } part:
                change.Made = change.Made with { Row = store.InsertDelivery(change.Made, part.Record) };
                break;
            case RuleAction.Bounce:
                store.Rules.Bounce(delivery.Row, step.Due, step.BounceText);
                break;
            case RuleAction.Drop:
                if (change.Rest is null)
                    batch.Remove(delivery);
                _events.Add(Ruled(MailEventKind.Dropped, delivery));
                break;
            case RuleAction.Expedite:
                store.Rules.Expedite(delivery.Row, step.Due);
                break;
            case RuleAction.Move:
                store.Reroute(delivery.Row, delivery.Flow.Lane.Key with { Pool = step.Rule.Rule.Pool! });
                _events.Add(Ruled(MailEventKind.Moved, delivery));
                break;
            case RuleAction.Suspend or RuleAction.Hold or _:
                throw new UnreachableException();
        }
    }

    private MailEvent Ruled(MailEventKind kind, Delivery delivery)
    {
        var at = new DateTimeOffset(step.Due, TimeSpan.Zero);
        var happened = QueueEvents.Ruled(kind, at, delivery.Message.Id, delivery.Flow.Lane.Key, delivery.Flow.Name);
        return happened with { Rule = step.Rule.Rule.Id.ToString() };
    }
}
