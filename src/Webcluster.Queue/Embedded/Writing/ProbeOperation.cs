using Webcluster.Queue.Embedded.Indexing;

namespace Webcluster.Queue.Embedded.Writing;

/// <summary>Finds out whether the store can be written again. Nobody waits for it: the writer notes how it went.</summary>
internal sealed class ProbeOperation : WriteOperation
{
    public override long Octets => 0;

    public override void Write(WriteBatch batch) => batch.Store.Probe();

    public override void Apply(QueueIndex index)
    {
    }

    public override void Succeed()
    {
    }

    public override void Fail(EnqueueResult why)
    {
    }
}
