using System.Diagnostics;
using Webcluster.Queue.Embedded.Indexing;
using Webcluster.Queue.Settling;

namespace Webcluster.Queue.Embedded.Writing;

/// <summary>One try at making a plan durable.</summary>
internal sealed class SettleOperation(SettlePlan plan) : WriteOperation
{
    private const int OctetsPerChange = 256;
    private readonly TaskCompletionSource<bool> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>True when it is durable; false when nothing was written.</summary>
    public Task<bool> Completion => _completion.Task;

    public override long Octets => plan.Changes.Count * OctetsPerChange;

    public override void Write(WriteBatch batch)
    {
        foreach (var change in plan.Changes)
            Write(batch, change);
        foreach (var delivery in plan.Duplicates)
            batch.Store.MarkMayHaveBeenSent(delivery.Row);
        foreach (var row in plan.Events)
            batch.Store.Events.Add(row);
    }

    public override void Apply(QueueIndex index) => index.Finish(plan);

    public override void Succeed() => _completion.SetResult(true);

    public override void Fail(EnqueueResult why) => _completion.SetResult(false);

    private static void Write(WriteBatch batch, SettleChange change)
    {
        var delivery = change.Delivery;
        switch (change.Outcome)
        {
            case Settlement.Done:
                batch.Remove(delivery);
                break;
            case Settlement.Deferred deferred:
                batch.Store.Defer(delivery.Row, change.Due, delivery.Attempts + (deferred.CountsAttempt ? 1 : 0), change.Record);
                break;
            case Settlement.Rerouted rerouted:
                batch.Store.Reroute(delivery.Row, rerouted.To);
                break;
            case Settlement.Returned:
                break;
            default:
                throw new UnreachableException();
        }
    }
}
