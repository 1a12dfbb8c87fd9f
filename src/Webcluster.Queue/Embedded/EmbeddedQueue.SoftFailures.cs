using Webcluster.Queue.Embedded.Writing;
using Webcluster.Queue.Suppression;

namespace Webcluster.Queue.Embedded;

public sealed partial class EmbeddedQueue
{
    async ValueTask<IReadOnlyList<int>> ISoftFailures.CountAsync(
        IReadOnlyList<SoftFailure> failures, SoftFailureLimit limit, CancellationToken cancellation)
    {
        if (!_space.TryTake(failures.Count * OctetsPerSuppression))
            throw new QueueUnavailableException("the disk of the queue is full");
        var operation = new SoftFailureOperation(failures, limit, Seconds);
        await WriteAsync(operation, cancellation);
        _metrics.SoftFailuresCounted(failures.Count);
        return operation.Counts;
    }

    Task ISoftFailures.ForgetAsync(IReadOnlyList<SuppressionKey> keys, CancellationToken cancellation) =>
        WriteAsync(new ForgetSoftOperation(keys), cancellation);
}
