using System.Collections.Concurrent;

namespace Webcluster.Queue.Suppression;

/// <summary>
/// Puts on the list of its tenant an address whose mail fails again and again with no delivery in between. Deliveries are not looked up, for
/// they are many: a node that counted a failure remembers the address for a while, and a delivery by it ends the count. Safe for concurrent
/// use.
/// </summary>
public sealed class RepeatedSoft(ISoftFailures counts, Suppressions suppressions, RepeatedSoftOptions options, TimeProvider time)
{
    // A full memory forgets all.
    private const int MostRemembered = 10_000;

    private readonly ConcurrentDictionary<SuppressionKey, bool> _counted = new();
    private readonly SoftFailureLimit _limit = new(options.Count, options.Within);

    private bool IsOn => _limit.Count > 0;

    /// <summary>Counts messages that failed. To be asked before the failure is settled: nobody is forgotten, and nothing counts
    /// twice.</summary>
    /// <returns>For each, whether that put its address on the list.</returns>
    /// <exception cref="QueueUnavailableException">It is not known what was counted.</exception>
    public async ValueTask<IReadOnlyList<bool>> FailedAsync(IReadOnlyList<SoftFailure> failures, CancellationToken cancellation)
    {
        if (!IsOn || failures.Count == 0) return new bool[failures.Count];
        var found = await counts.CountAsync([.. failures.Select(Stored)], _limit, cancellation);
        bool[] isEnough = [.. found.Select(count => count >= _limit.Count)];
        if (_counted.Count >= MostRemembered) _counted.Clear();
        foreach (var failure in failures)
            if (!failure.IsLater)
                _counted.TryAdd(failure.Key, true);
        var now = time.GetUtcNow();
        SuppressionEntry[] entries = [.. failures.Where((_, i) => isEnough[i]).Select(failure => Entry(failure, now))];
        if (entries.Length == 0) return isEnough;
        await suppressions.AddAsync(entries, cancellation);
        await ForgetAsync([.. entries.Select(entry => entry.Key)], cancellation);
        return isEnough;
    }

    /// <summary>Mail to an address was taken: its count ends, where this node knows of one.</summary>
    /// <exception cref="QueueUnavailableException">The count may go on.</exception>
    public ValueTask DeliveredAsync(SuppressionKey key, CancellationToken cancellation) =>
        _counted.ContainsKey(key) ? new ValueTask(ForgetAsync([key], cancellation)) : ValueTask.CompletedTask;

    /// <summary>Some count may end by a delivery.</summary>
    public bool IsCounting => !_counted.IsEmpty;

    private async Task ForgetAsync(IReadOnlyList<SuppressionKey> keys, CancellationToken cancellation)
    {
        await counts.ForgetAsync([.. keys.Select(suppressions.Stored)], cancellation);
        foreach (var key in keys) _counted.TryRemove(key, out _);
    }

    private SoftFailure Stored(SoftFailure failure) => failure with { Key = suppressions.Stored(failure.Key) };

    private SuppressionEntry Entry(SoftFailure failure, DateTimeOffset now) => new(failure.Key, SuppressionReason.RepeatedSoft, now)
    {
        ExpiresAt = suppressions.Expiry.EndOf(SuppressionReason.RepeatedSoft, now),
        Source = failure.Message.ToString(),
        Note = $"{_limit.Count} messages failed, the last: {failure.Why}",
    };
}
