using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;

namespace Webcluster.Queue.Sessions;

/// <summary>Asks for due deliveries of one lane.</summary>
/// <param name="Session">An open session to extend; null opens a new one.</param>
/// <param name="MostDeliveries">At least 1.</param>
/// <param name="MostContentOctets">
/// Content comes inline up to this sum; beyond it <see cref="ClaimedDelivery.Content"/> is null and read by id.
/// </param>
public sealed record ClaimRequest(NodeId Node, LaneKey Lane, SessionId? Session, int MostDeliveries, int MostContentOctets);

/// <summary>What a claim got: deliveries, or when to come back and why.</summary>
public abstract record ClaimResult
{
    /// <summary>At least one delivery; they are this session's until settled, released or reaped.</summary>
    public sealed record Granted(SessionId Session, IReadOnlyList<ClaimedDelivery> Deliveries) : ClaimResult;

    /// <param name="Until">When it is worth asking again; null: only a wake-up can tell.</param>
    public sealed record NotNow(WaitReason Reason, DateTimeOffset? Until) : ClaimResult;
}

/// <summary>Why a lane gives nothing now.</summary>
public enum WaitReason
{
    /// <summary>Nothing in the lane is due.</summary>
    NothingDue,

    /// <summary>The site has as many connections as it may.</summary>
    ConnectionLimit,

    /// <summary>This session has sent as many messages as one connection may; release it and open another.</summary>
    SessionExhausted,

    /// <summary>The session is not known: it was released or reaped.</summary>
    SessionLost,

    /// <summary>The lane is paused, because its site did not answer.</summary>
    LanePaused,

    /// <summary>Outcomes can not be stored at present, so no new delivery is begun.</summary>
    StoreUnavailable,

    /// <summary>An operator's rule lets no attempt begin this way.</summary>
    Suspended,

    /// <summary>An operator's rule has set aside what would be due.</summary>
    Held,
}

/// <summary>One delivery in the hands of a session.</summary>
/// <param name="Attempts">Attempts that counted, before this one.</param>
/// <param name="MayHaveBeenSent">An earlier session died after it may have sent it: delivering it again may be a duplicate.</param>
/// <param name="Content">Null where it did not fit the claim's budget.</param>
/// <param name="Bounce">A rule's word that it is to fail without an attempt, as the reports say it; null: it is to be attempted.</param>
public sealed record ClaimedDelivery(
    DeliveryId Id, Envelope Envelope, IReadOnlyList<QueuedRecipient> Recipients, int Attempts, DateTimeOffset AcceptedAt, DateTimeOffset ExpiresAt,
    bool MayHaveBeenSent, int ContentLength, MessageContent? Content, string? Bounce = null);
