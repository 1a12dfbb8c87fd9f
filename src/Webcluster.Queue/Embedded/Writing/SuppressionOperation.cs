using Webcluster.Queue.Embedded.Indexing;

namespace Webcluster.Queue.Embedded.Writing;

/// <summary>One try at changing the suppression list: adds entries, or removes some.</summary>
internal abstract class SuppressionOperation : WriteOperation
{
    private readonly TaskCompletionSource<bool> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>True when it is durable; false when nothing was written.</summary>
    public Task<bool> Completion => _completion.Task;

    /// <summary>How many rows there are more than before.</summary>
    public long Growth { get; protected set; }

    public override bool ShowsFailure => false;

    public override void Apply(QueueIndex index)
    {
    }

    public override void Succeed() => _completion.SetResult(true);

    public override void Fail(EnqueueResult why) => _completion.SetResult(false);
}
