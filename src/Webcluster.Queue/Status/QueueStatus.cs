using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Rules;
using Webcluster.Queue.Sessions;

namespace Webcluster.Queue.Status;

/// <param name="Ready">Due and not claimed.</param>
/// <param name="Scheduled">Due later.</param>
/// <param name="Claimed">Held by sessions.</param>
/// <param name="OldestReady">When the longest waiting ready delivery became due; null where none is ready.</param>
/// <param name="Held">Set aside by rules, due or not.</param>
public sealed record QueueCounts(
    long Messages, long Ready, long Scheduled, long Claimed, long ContentOctets, int Lanes, int Sessions,
    DateTimeOffset? OldestReady, long Held = 0);

/// <param name="Waits">Why nothing of the lane can be claimed now; null where something can.</param>
/// <param name="Held">Set aside by rules, due or not.</param>
/// <param name="Rule">The rule that stops the whole lane.</param>
/// <param name="Window">Sessions that it may have after trouble of its site; null: as many as the limits allow.</param>
public sealed record LaneStatus(
    LaneKey Lane, long Ready, long Scheduled, long Claimed, int Sessions, DateTimeOffset? NextDue, WaitReason? Waits, long Held = 0,
    QueueRule? Rule = null, int? Window = null);

/// <param name="Session">Who has it now; null while it waits.</param>
/// <param name="Waits">Why it waits; null where it is claimed or can be. <see cref="WaitReason.NothingDue"/>: until it is due.</param>
/// <param name="Rule">The rule that it waits for.</param>
public sealed record DeliveryStatus(
    DeliveryId Id, LaneKey Lane, MailClass Class, string Tenant, IReadOnlyList<QueuedRecipient> Recipients, int Attempts,
    DateTimeOffset AcceptedAt, DateTimeOffset Due, DateTimeOffset ExpiresAt, SessionId? Session, WaitReason? Waits = null,
    QueueRule? Rule = null);
