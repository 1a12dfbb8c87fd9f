using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Settling;
using Webcluster.Queue.Status;

namespace Webcluster.Queue;

/// <summary>
/// The durable queue. Every message is, until its last delivery is settled, in exactly one of: waiting, claimed by a live session.
/// All implementations pass one contract suite. Time is the store's. Safe for concurrent use.
/// </summary>
public interface IMailQueue : IAsyncDisposable
{
    /// <summary>
    /// Stores a message with all its deliveries, or nothing. When it returns <see cref="EnqueueResult.Stored"/>, the message survives
    /// whatever the configured durability covers; only then may the caller say 250. Idempotent by id while the message is queued. Never
    /// throws for trouble of the store: that is a result, and it means nothing was promised.
    /// </summary>
    Task<EnqueueResult> EnqueueAsync(NewMessage message, CancellationToken cancellation);

    /// <summary>
    /// Waits until a claim can succeed, and names up to <paramref name="most"/> lanes where it can, earliest due first: a slot of the site
    /// is free, or a session of the lane is idle, or, all slots being taken, an idle session of the site can be released to free one. Idle
    /// is a session whose last claim found nothing due. One caller at a time. A lane is named again and again until it is claimed or stops
    /// being due.
    /// </summary>
    /// <param name="without">Pools that the caller can send nothing of now: their lanes are not named. A few.</param>
    Task<IReadOnlyList<LaneKey>> NextLanesAsync(int most, IReadOnlyCollection<string> without, CancellationToken cancellation);

    /// <summary>Takes due deliveries of one lane by weighted fair order over its flows, opening a session or extending one.</summary>
    ValueTask<ClaimResult> ClaimAsync(ClaimRequest request, CancellationToken cancellation);

    /// <summary>The content of a message; null where it is queued no more.</summary>
    /// <param name="session">One that claimed a delivery of it.</param>
    /// <exception cref="QueueUnavailableException">It cannot be read at present.</exception>
    ValueTask<MessageContent?> ReadContentAsync(SessionId session, MessageId id, CancellationToken cancellation);

    /// <summary>
    /// Makes outcomes durable, all of one call together; the verdicts stand in the order of <paramref name="outcomes"/>. While the store
    /// cannot write this waits and tries again: an outcome is given up only by <paramref name="cancellation"/>.
    /// </summary>
    Task<IReadOnlyList<SettleVerdict>> SettleAsync(SessionId session, IReadOnlyList<Settlement> outcomes, CancellationToken cancellation);

    /// <summary>Closes a session: its slot is free and what it still held waits again, due at once. Unknown sessions are passed
    /// over.</summary>
    ValueTask ReleaseAsync(SessionId session, CancellationToken cancellation);

    /// <summary>
    /// Takes in that a connection of a lane came to nothing through its site, on whichever node: the lane may have one session fewer than it
    /// has, at least one. Each session that asks for more after what it got lets it have one more. Not durable. Does nothing where the
    /// store cannot be reached.
    /// </summary>
    ValueTask<LaneTrouble> TroubledAsync(LaneKey lane, CancellationToken cancellation);

    /// <summary>
    /// Keeps a lane from giving anything to new sessions for a while, because its site does not answer: so a dead site costs a few
    /// connection attempts, not one a delivery. Open sessions go on. A later call replaces the end; zero ends it. Not durable.
    /// </summary>
    ValueTask PauseLaneAsync(LaneKey lane, TimeSpan pause, CancellationToken cancellation);

    /// <summary>Says that a node lives; names the nodes that are overdue. Nothing else is done meanwhile: a node's lease waits for
    /// it.</summary>
    ValueTask<IReadOnlyList<NodeId>> BeatAsync(NodeId node, CancellationToken cancellation);

    /// <summary>
    /// Does what may take its time: lets go of old events, releases sessions that could not be released, and ends those of the node that
    /// have come back with an older store: what they held waits again and is marked as possibly sent. To be called by a node beside its
    /// beats, every few seconds, one call at a time, through the queue that it claims with. What the store does not answer is left to the
    /// next.
    /// </summary>
    ValueTask TendAsync(NodeId node, CancellationToken cancellation);

    /// <summary>Says that a node stops: it will not be overdue. One that still has sessions has to be reaped all the same.</summary>
    /// <exception cref="QueueUnavailableException">It could not be said everywhere.</exception>
    ValueTask LeaveAsync(NodeId node, CancellationToken cancellation);

    /// <summary>Gives back everything of a node that is overdue: its sessions end, what they held waits again and is marked as possibly
    /// sent. One that beats again keeps what it has, even where that is while it is reaped.</summary>
    /// <returns>How many deliveries were given back.</returns>
    ValueTask<int> ReapAsync(NodeId node, CancellationToken cancellation);

    /// <summary>Can the queue take mail now? False with the reason while it cannot, so that refusing costs nothing.</summary>
    bool IsAccepting(out EnqueueResult reason);

    ValueTask<QueueCounts> CountAsync(CancellationToken cancellation);

    /// <summary>The lanes with the most deliveries, at most <paramref name="most"/>.</summary>
    ValueTask<IReadOnlyList<LaneStatus>> LanesAsync(int most, CancellationToken cancellation);

    /// <summary>The lanes of one site, one for each pool that has mail for it or a session there; at most 1000, largest first.</summary>
    ValueTask<IReadOnlyList<LaneStatus>> SiteLanesAsync(string provider, string site, CancellationToken cancellation);

    /// <summary>The deliveries of a queued message; empty where it is queued no more.</summary>
    ValueTask<IReadOnlyList<DeliveryStatus>> FindAsync(MessageId id, CancellationToken cancellation);
}

/// <param name="Window">Sessions that the lane may have now.</param>
/// <param name="Outages">How many times in a row all that it had failed, none in between going on; 0: some may be well, or what failed is
/// part of an outage that was counted.</param>
public readonly record struct LaneTrouble(int Window, int Outages)
{
    public static LaneTrouble Unknown { get; } = new(1, 0);
}

/// <summary>What storing a message came to.</summary>
public enum EnqueueResult
{
    Stored,

    /// <summary>The same id is queued already; nothing was changed.</summary>
    AlreadyStored,

    /// <summary>No room: 452 4.3.1.</summary>
    Full,

    /// <summary>The store cannot be written or reached: 451 4.3.0.</summary>
    Unavailable,
}
