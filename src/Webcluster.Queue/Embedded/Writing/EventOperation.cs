using Webcluster.Queue.Embedded.Indexing;
using Webcluster.Queue.Embedded.Storage;

namespace Webcluster.Queue.Embedded.Writing;

/// <summary>Writes to what is kept of events and feeds, apart from any mail.</summary>
internal sealed class EventOperation(Action<EventStore> write) : WriteOperation
{
    private const int OctetsRoughly = 1024;
    private readonly TaskCompletionSource<bool> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>True when it is durable; false when nothing was written.</summary>
    public Task<bool> Completion => _completion.Task;

    public override long Octets => OctetsRoughly;

    public override bool ShowsFailure => false;

    public override void Write(WriteBatch batch) => write(batch.Store.Events);

    public override void Apply(QueueIndex index)
    {
    }

    public override void Succeed() => _completion.SetResult(true);

    public override void Fail(EnqueueResult why) => _completion.SetResult(false);
}
