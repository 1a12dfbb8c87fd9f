using Webcluster.Queue.Lanes;

namespace Webcluster.Queue.Messages;

/// <summary>One accepted message with its deliveries, ready to be stored as a whole or not at all.</summary>
/// <param name="ExpiresAt">When what is not delivered by then fails.</param>
/// <param name="NotBefore">Not to be attempted before; null: at once.</param>
public sealed record NewMessage(
    MessageId Id, Envelope Envelope, MessageContent Content, IReadOnlyList<NewDelivery> Deliveries,
    DateTimeOffset AcceptedAt, DateTimeOffset ExpiresAt, DateTimeOffset? NotBefore = null)
{
    /// <summary>Mail leaves the queue once this is stored: it may have of the room that a full queue keeps for outcomes.</summary>
    public bool ReplacesMail { get; init; }
}

/// <summary>The recipients of a message that travel together: one lane, one flow.</summary>
public sealed record NewDelivery(LaneKey Lane, MailClass Class, IReadOnlyList<QueuedRecipient> Recipients);
