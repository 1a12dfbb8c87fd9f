using Webcluster.Queue.Embedded.Indexing;

namespace Webcluster.Queue.Embedded.Writing;

/// <summary>Deletes a rule; it is out of force when the caller hears of it.</summary>
internal sealed class EndRuleOperation(ActiveRule rule) : WriteOperation
{
    private readonly TaskCompletionSource<bool> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>True when it is durable; false when nothing was written.</summary>
    public Task<bool> Completion => _completion.Task;

    public override long Octets => 0;

    public override void Write(WriteBatch batch) => batch.Store.Rules.Delete(rule.Stored.Row);

    public override void Apply(QueueIndex index)
    {
        rule.IsStillStored = false;
        index.EndRule(rule, isStillStored: false);
    }

    public override void Succeed() => _completion.SetResult(true);

    public override void Fail(EnqueueResult why) => _completion.SetResult(false);
}
