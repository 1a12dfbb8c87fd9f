using Webcluster.Queue.Messages;

namespace Webcluster.Queue.Suppression;

/// <summary>
/// How many messages failed for an address in a way that may pass, counted in the queue's store, for all nodes and over restarts. Bounded:
/// where there are too many addresses, those that failed longest ago are forgotten. Time is the store's. All queues pass one contract
/// suite. Safe for concurrent use.
/// </summary>
public interface ISoftFailures
{
    /// <summary>Counts messages; one that was counted for its address already is not counted again. One round trip, to each shard that is
    /// concerned.</summary>
    /// <returns>For each, how many messages failed for its address so lately, this one included; at most <c>Count</c> of the
    /// limit.</returns>
    /// <exception cref="QueueUnavailableException">Some may have been counted, others not: to be tried again, or left.</exception>
    ValueTask<IReadOnlyList<int>> CountAsync(IReadOnlyList<SoftFailure> failures, SoftFailureLimit limit, CancellationToken cancellation);

    /// <summary>Counting begins anew for these addresses.</summary>
    /// <exception cref="QueueUnavailableException">Some may be forgotten, others not.</exception>
    Task ForgetAsync(IReadOnlyList<SuppressionKey> keys, CancellationToken cancellation);
}

/// <summary>A message failed for an address of a tenant's mail.</summary>
/// <param name="Why">A few words for people; not stored.</param>
public readonly record struct SoftFailure(SuppressionKey Key, MessageId Message, string Why = "")
{
    /// <summary>Its server had taken it, and sent a report later: that it takes others too says nothing.</summary>
    public bool IsLater { get; init; }
}

/// <summary>What counts as again and again.</summary>
/// <param name="Count">So many messages, at most <see cref="Most"/>; no more of them are kept of an address.</param>
/// <param name="Within">In so long.</param>
public readonly record struct SoftFailureLimit(int Count, TimeSpan Within)
{
    public const int Most = 20;
}
