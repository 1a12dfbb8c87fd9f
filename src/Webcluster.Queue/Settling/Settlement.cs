using Webcluster.Queue.Events;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;

namespace Webcluster.Queue.Settling;

/// <summary>What became of one claimed delivery. It is durable when settling returns.</summary>
public abstract record Settlement(DeliveryId Delivery)
{
    /// <summary>What is to be known of it; written where it counts, together with it.</summary>
    public IReadOnlyList<MailEvent> Events { get; init; } = [];

    /// <summary>Every recipient has its final outcome: the delivery is gone, its message with the last of them.</summary>
    /// <param name="Sent">At least one recipient's server took it. Settles even from a session that was reaped: it saves a
    /// duplicate.</param>
    public sealed record Done(DeliveryId Delivery, bool Sent) : Settlement(Delivery);

    /// <summary>Some recipients wait for another attempt; those not named any more have their final outcome.</summary>
    /// <param name="Remaining">At least one.</param>
    /// <param name="After">From now, by the store's clock.</param>
    /// <param name="CountsAttempt">False where the trouble was the connection's or the site's, not the message's.</param>
    public sealed record Deferred(DeliveryId Delivery, IReadOnlyList<QueuedRecipient> Remaining, TimeSpan After, bool CountsAttempt)
        : Settlement(Delivery);

    /// <summary>Given back untouched: due at once, no attempt counted.</summary>
    public sealed record Returned(DeliveryId Delivery) : Settlement(Delivery);

    /// <summary>Belongs in another lane, because the MX or the route changed; due at once there, no attempt counted.</summary>
    public sealed record Rerouted(DeliveryId Delivery, LaneKey To) : Settlement(Delivery);
}

/// <summary>What settling did with an outcome.</summary>
public enum SettleVerdict
{
    Settled,

    /// <summary>The session had lost the delivery, which waited again: a late "sent" settled it.</summary>
    SettledLate,

    /// <summary>The session had lost the delivery and another session has it: sent twice, marked.</summary>
    Duplicate,

    /// <summary>The session does not hold the delivery (any more); nothing was changed.</summary>
    Refused,
}
