using Webcluster.Queue.Suppression;

namespace Webcluster.Queue.Redis;

public sealed partial class RedisMailQueue
{
    async ValueTask<IReadOnlyList<int>> ISoftFailures.CountAsync(
        IReadOnlyList<SoftFailure> failures, SoftFailureLimit limit, CancellationToken cancellation)
    {
        var counts = await _softFailures.CountAsync(failures, limit, cancellation);
        _metrics.SoftFailuresCounted(failures.Count);
        return counts;
    }

    Task ISoftFailures.ForgetAsync(IReadOnlyList<SuppressionKey> keys, CancellationToken cancellation) =>
        _softFailures.ForgetAsync(keys, cancellation);
}
