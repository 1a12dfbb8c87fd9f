namespace Webcluster.Queue.Suppression;

/// <summary>
/// The addresses that get no mail, kept in the queue's store: what one node adds counts on all when the call returns, and over restarts.
/// Entries are durable as far as the queue's mail is. One that has expired counts as absent, and is removed some time later. All queues
/// pass one contract suite. Safe for concurrent use.
/// </summary>
public interface ISuppressionList
{
    /// <summary>For each address the tenant's entry, else the global one, else null; in their order. One round trip,
    /// to each shard that is concerned.</summary>
    /// <exception cref="QueueUnavailableException">The store cannot be asked: nothing is known of any.</exception>
    ValueTask<IReadOnlyList<SuppressionEntry?>> FindAsync(
        string tenant, IReadOnlyList<SuppressedAddress> addresses, CancellationToken cancellation);

    /// <summary>
    /// Adds entries. Where there is one already, the new one takes its place if it lasts as long or longer, or is
    /// <see cref="SuppressionReason.Manual"/>; of two in one call the later counts as newer. Adding again what was added changes nothing.
    /// </summary>
    /// <exception cref="ArgumentException">An entry has a problem; nothing was added.</exception>
    /// <exception cref="QueueUnavailableException">Some may have been added, others not: to be tried again.</exception>
    Task<SuppressionChanges> AddAsync(IReadOnlyList<SuppressionEntry> entries, CancellationToken cancellation);

    /// <returns>How many were there.</returns>
    /// <exception cref="QueueUnavailableException">Some may have been removed, others not: to be tried again.</exception>
    Task<int> RemoveAsync(IReadOnlyList<SuppressionKey> keys, CancellationToken cancellation);

    /// <summary>
    /// A page of the list, in an order of its own. What is added or removed meanwhile may be on a later page or not; everything else is on
    /// one, once.
    /// </summary>
    /// <returns>Null where the cursor is none of this list's.</returns>
    /// <exception cref="QueueUnavailableException">The store cannot be asked.</exception>
    ValueTask<SuppressionPage?> ListAsync(SuppressionQuery query, CancellationToken cancellation);
}
