using Webcluster.Queue.Lanes;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Status;

namespace Webcluster.Node.Http;

/// <summary>A delivery of one message.</summary>
internal sealed record DeliveryView
{
    public required string Id { get; init; }

    public required string Lane { get; init; }

    public required MailClass Class { get; init; }

    public required string Tenant { get; init; }

    public required IEnumerable<RecipientView> Recipients { get; init; }

    public required int Attempts { get; init; }

    public required DateTimeOffset AcceptedAt { get; init; }

    public required DateTimeOffset Due { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public required string? Session { get; init; }

    public required WaitReason? Waits { get; init; }

    public required HoldingRuleView? Rule { get; init; }

    public static DeliveryView Of(DeliveryStatus delivery) => new()
    {
        Id = delivery.Id.ToString(),
        Lane = delivery.Lane.ToString(),
        Class = delivery.Class,
        Tenant = delivery.Tenant,
        Recipients = delivery.Recipients.Select(recipient => new RecipientView(recipient.Address.ToString(), recipient.LastReply)),
        Attempts = delivery.Attempts,
        AcceptedAt = delivery.AcceptedAt,
        Due = delivery.Due,
        ExpiresAt = delivery.ExpiresAt,
        Session = delivery.Session?.ToString(),
        Waits = delivery.Waits,
        Rule = HoldingRuleView.Of(delivery.Rule),
    };
}

internal sealed record RecipientView(string Address, string? LastReply);
