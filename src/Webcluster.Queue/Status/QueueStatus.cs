using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Sessions;

namespace Webcluster.Queue.Status;

/// <param name="Ready">Due and not claimed.</param>
/// <param name="Scheduled">Due later.</param>
/// <param name="Claimed">Held by sessions.</param>
/// <param name="OldestReady">When the longest waiting ready delivery became due; null where none is ready.</param>
public sealed record QueueCounts(long Messages, long Ready, long Scheduled, long Claimed, long ContentOctets, int Lanes, int Sessions, DateTimeOffset? OldestReady);

/// <param name="Waits">Why nothing of the lane can be claimed now; null where something can.</param>
public sealed record LaneStatus(LaneKey Lane, long Ready, long Scheduled, long Claimed, int Sessions, DateTimeOffset? NextDue, WaitReason? Waits);

/// <param name="Session">Who has it now; null while it waits.</param>
public sealed record DeliveryStatus(
    DeliveryId Id, LaneKey Lane, MailClass Class, string Tenant, IReadOnlyList<QueuedRecipient> Recipients, int Attempts,
    DateTimeOffset AcceptedAt, DateTimeOffset Due, DateTimeOffset ExpiresAt, SessionId? Session);
