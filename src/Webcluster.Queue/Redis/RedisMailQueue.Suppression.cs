using Webcluster.Queue.Redis.Connection;
using Webcluster.Queue.Suppression;

namespace Webcluster.Queue.Redis;

/// <summary>The suppression list, and the sweep of what has expired in it.</summary>
public sealed partial class RedisMailQueue
{
    private long _latestSuppressions;

    ValueTask<IReadOnlyList<SuppressionEntry?>> ISuppressionList.FindAsync(
        string tenant, IReadOnlyList<SuppressedAddress> addresses, CancellationToken cancellation) =>
        _suppressions.FindAsync(tenant, addresses, cancellation);

    async Task<SuppressionChanges> ISuppressionList.AddAsync(IReadOnlyList<SuppressionEntry> entries, CancellationToken cancellation)
    {
        var changes = await _suppressions.AddAsync(entries, cancellation);
        _metrics.SuppressionsChanged(changes);
        return changes;
    }

    async Task<int> ISuppressionList.RemoveAsync(IReadOnlyList<SuppressionKey> keys, CancellationToken cancellation)
    {
        var removed = await _suppressions.RemoveAsync(keys, cancellation);
        _metrics.SuppressionsRemoved(removed);
        return removed;
    }

    ValueTask<SuppressionPage?> ISuppressionList.ListAsync(SuppressionQuery query, CancellationToken cancellation) =>
        _suppressions.ListAsync(query, cancellation);

    /// <summary>Removes some of what has expired.</summary>
    /// <param name="interval">Less than so long after another step, of whichever node, nothing is done.</param>
    internal async Task SweepSuppressionsAsync(TimeSpan interval)
    {
        try
        {
            var (removed, entries) = await _suppressions.SweepAsync(interval);
            _latestSuppressions = entries;
            _metrics.SuppressionsExpired(removed);
        }
        catch (RedisTroubleException trouble)
        {
            throw new QueueUnavailableException(trouble.Message, trouble);
        }
    }
}
