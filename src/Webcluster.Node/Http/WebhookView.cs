using Webcluster.Node.Webhooks;
using Webcluster.Node.Webhooks.State;
using Webcluster.Queue.Events;

namespace Webcluster.Node.Http;

/// <summary>How an endpoint stands, as the API shows it: the same from all nodes, as of the last stored state.</summary>
internal sealed record WebhookView
{
    public required string Name { get; init; }

    public required string Url { get; init; }

    public required string? Tenant { get; init; }

    /// <summary>None: all.</summary>
    public required IReadOnlyList<MailEventKind> Events { get; init; }

    public required int Batch { get; init; }

    public required WebhookCondition Condition { get; init; }

    /// <summary>Why it is disabled.</summary>
    public required string? Reason { get; init; }

    /// <summary>Nothing has been taken since then.</summary>
    public required DateTimeOffset? FailingSince { get; init; }

    /// <summary>Of one that rests.</summary>
    public required DateTimeOffset? NextProbe { get; init; }

    /// <summary>The node that sends; null: none.</summary>
    public required string? Node { get; init; }

    public required int Parked { get; init; }

    public required int Replays { get; init; }

    public required long Delivered { get; init; }

    public required long GivenUp { get; init; }

    public required long Missed { get; init; }

    public static WebhookView Of(WebhookEndpoint endpoint, FeedState stored, EndpointState state) => new()
    {
        Name = endpoint.Name,
        // What follows the path may be a secret.
        Url = endpoint.Url.GetLeftPart(UriPartial.Path),
        Tenant = endpoint.Tenant,
        Events = [.. endpoint.Kinds.Order()],
        Batch = endpoint.Batch,
        Condition = ConditionOf(endpoint, state),
        Reason = endpoint.Disabled ? "by the configuration" : state.Disabled?.Reason,
        FailingSince = state.FailingSince,
        NextProbe = state.Rest?.Until,
        Node = stored.Holder?.Value,
        Parked = state.Parked.All.Count,
        Replays = state.Replays.Count,
        Delivered = state.Delivered,
        GivenUp = state.GivenUp,
        Missed = state.Missed,
    };

    private static WebhookCondition ConditionOf(WebhookEndpoint endpoint, EndpointState state) =>
        endpoint.Disabled || state.Disabled is not null ? WebhookCondition.Disabled
        : state.Rest is not null ? WebhookCondition.Resting
        : state.FailingSince is not null ? WebhookCondition.Failing
        : WebhookCondition.Well;
}

internal enum WebhookCondition
{
    Well,

    /// <summary>The last request was not taken.</summary>
    Failing,

    /// <summary>Nothing is sent but probes.</summary>
    Resting,

    /// <summary>Nothing is sent until it is enabled.</summary>
    Disabled,
}

internal sealed record WebhookList(IReadOnlyList<WebhookView> Webhooks);
