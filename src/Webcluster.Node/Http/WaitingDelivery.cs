using Webcluster.Queue.Sessions;
using Webcluster.Queue.Status;

namespace Webcluster.Node.Http;

/// <summary>A delivery, and when it is tried next.</summary>
internal sealed record WaitingDelivery
{
    public required string Id { get; init; }

    public required string Lane { get; init; }

    public required int Attempts { get; init; }

    /// <summary>When it is due; in the past: now.</summary>
    public required DateTimeOffset NextAttempt { get; init; }

    /// <summary>Null: it is under way, or can be claimed.</summary>
    public required WaitReason? Waits { get; init; }

    public required HoldingRuleView? Rule { get; init; }

    public required IReadOnlyList<string> LastReplies { get; init; }

    public static WaitingDelivery Of(DeliveryStatus delivery) => new()
    {
        Id = delivery.Id.ToString(),
        Lane = delivery.Lane.ToString(),
        Attempts = delivery.Attempts,
        NextAttempt = delivery.Due,
        Waits = delivery.Waits,
        Rule = HoldingRuleView.Of(delivery.Rule),
        LastReplies = [.. delivery.Recipients.Select(recipient => recipient.LastReply).OfType<string>().Distinct()],
    };
}
