using Webcluster.Queue.Sessions;

namespace Webcluster.Queue.Events;

/// <summary>
/// Where whoever passes events on keeps how far it is, so that any node can go on: for each feed one state, held by one node at a time.
/// </summary>
public interface IFeedStore
{
    /// <summary>Takes a feed, or keeps it.</summary>
    /// <returns>Null: another node has it.</returns>
    /// <exception cref="QueueUnavailableException">The store cannot be reached.</exception>
    ValueTask<FeedState?> HoldAsync(string feed, NodeId node, TimeSpan lease, CancellationToken cancellation);

    /// <summary>Stores a feed's state, and keeps the feed.</summary>
    /// <param name="state">At most 1 MiB.</param>
    /// <param name="wishes">How many of the wishes it was shown are done with.</param>
    /// <returns>False: another node has it now, and nothing was stored.</returns>
    /// <exception cref="QueueUnavailableException">The store cannot be reached; it may have been stored.</exception>
    ValueTask<bool> SaveAsync(
        string feed, NodeId node, ReadOnlyMemory<byte> state, int wishes, TimeSpan lease, CancellationToken cancellation);

    /// <summary>Gives a feed back, so that another node need not wait for the lease to end.</summary>
    ValueTask LeaveAsync(string feed, NodeId node, CancellationToken cancellation);

    /// <summary>Asks something of whoever holds the feed, now or later. At most 100 wait.</summary>
    /// <returns>False: as many wait already.</returns>
    /// <exception cref="QueueUnavailableException">The store cannot be reached.</exception>
    ValueTask<bool> WishAsync(string feed, string wish, CancellationToken cancellation);

    /// <summary>What is stored, for whoever asks.</summary>
    /// <exception cref="QueueUnavailableException">The store cannot be reached.</exception>
    ValueTask<FeedState> ShowAsync(string feed, CancellationToken cancellation);
}

/// <param name="State">Empty: none yet.</param>
/// <param name="Wishes">In their order.</param>
/// <param name="Holder">Null: nobody.</param>
public sealed record FeedState(ReadOnlyMemory<byte> State, IReadOnlyList<string> Wishes, NodeId? Holder);
