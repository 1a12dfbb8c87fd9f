using Webcluster.Queue.Embedded.Indexing;

namespace Webcluster.Queue.Embedded.Writing;

/// <summary>
/// Keeps over a restart that deliveries may have been sent. One try: where it fails the mark lives in memory alone. A delivery that has
/// gone by then is passed over.
/// </summary>
internal sealed class MarkOperation(List<Delivery> deliveries) : WriteOperation
{
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Completion => _completion.Task;

    public override long Octets => 0;

    public override void Write(WriteBatch batch)
    {
        foreach (var delivery in deliveries)
            batch.Store.MarkMayHaveBeenSent(delivery.Row);
    }

    public override void Apply(QueueIndex index)
    {
    }

    public override void Succeed() => _completion.SetResult();

    public override void Fail(EnqueueResult why) => _completion.SetResult();
}
