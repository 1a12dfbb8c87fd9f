using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Traffic;

namespace Webcluster.Queue.Sessions;

/// <summary>Asks for due deliveries of one lane.</summary>
/// <param name="Session">An open session to extend; null opens a new one.</param>
/// <param name="MostDeliveries">At least 1.</param>
/// <param name="MostContentOctets">
/// Content comes inline up to this sum; beyond it <see cref="ClaimedDelivery.Content"/> is null and read by id.
/// </param>
/// <param name="Offer">Where it may leave from, and what the provider may get; null: from anywhere, without limits.</param>
public sealed record ClaimRequest(
    NodeId Node, LaneKey Lane, SessionId? Session, int MostDeliveries, int MostContentOctets, TrafficOffer? Offer = null)
{
    public TrafficOffer Traffic => Offer ?? TrafficOffer.Unlimited;
}

/// <summary>What a claim got: deliveries, or when to come back and why.</summary>
public abstract record ClaimResult
{
    /// <summary>At least one delivery; they are this session's until settled, released or reaped.</summary>
    /// <param name="Source">The one of those offered that the session leaves from, chosen when it was opened.</param>
    public sealed record Granted(SessionId Session, IReadOnlyList<ClaimedDelivery> Deliveries, string Source = "") : ClaimResult;

    /// <param name="Until">When it is worth asking again; null: only a wake-up can tell.</param>
    public sealed record NotNow(WaitReason Reason, DateTimeOffset? Until) : ClaimResult;
}

/// <summary>Why a lane gives nothing now.</summary>
public enum WaitReason
{
    /// <summary>Nothing in the lane is due.</summary>
    NothingDue,

    /// <summary>The site or the provider has as many connections as it may, or every source that is offered has.</summary>
    ConnectionLimit,

    /// <summary>This session has sent as many messages as one connection may; release it and open another.</summary>
    SessionExhausted,

    /// <summary>The session is not known: it was released or reaped.</summary>
    SessionLost,

    /// <summary>The lane is paused, because its site did not answer.</summary>
    LanePaused,

    /// <summary>Connections to the site failed, and the lane has as many as it may have after that.</summary>
    SiteTrouble,

    /// <summary>Outcomes can not be stored at present, so no new delivery is begun.</summary>
    StoreUnavailable,

    /// <summary>An operator's rule lets no attempt begin this way.</summary>
    Suspended,

    /// <summary>An operator's rule has set aside what would be due.</summary>
    Held,

    /// <summary>The provider gets as much in this time as it may, in all or from every source that is offered.</summary>
    RateLimit,

    /// <summary>The provider wants nothing from any of the sources for a while.</summary>
    SourcesSuspended,

    /// <summary>The sources are new to the provider and have sent what they may today.</summary>
    WarmupBudget,

    /// <summary>No source is offered.</summary>
    NoSource,

    /// <summary>The sources that are offered are ahead of their share: one of another node goes first, if it comes within
    /// moments.</summary>
    OthersTurn,
}

/// <summary>One delivery in the hands of a session.</summary>
/// <param name="Attempts">Attempts that counted, before this one.</param>
/// <param name="MayHaveBeenSent">An earlier session died after it may have sent it: delivering it again may be a duplicate.</param>
/// <param name="Content">Null where it did not fit the claim's budget.</param>
/// <param name="Bounce">A rule's word that it is to fail without an attempt, as the reports say it; null: it is to be attempted.</param>
public sealed record ClaimedDelivery(
    DeliveryId Id, Envelope Envelope, IReadOnlyList<QueuedRecipient> Recipients, int Attempts, DateTimeOffset AcceptedAt,
    DateTimeOffset ExpiresAt, bool MayHaveBeenSent, int ContentLength, MessageContent? Content, string? Bounce = null);
