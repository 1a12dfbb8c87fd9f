using Webcluster.Delivery.Providers;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Status;
using Webcluster.Queue.Traffic;

namespace Webcluster.Node.Http;

/// <summary>A lane, and all that decides when its mail is tried next.</summary>
internal sealed record WaitingLane
{
    public required string Lane { get; init; }

    public required string Provider { get; init; }

    public required string Site { get; init; }

    public required string Pool { get; init; }

    public required WaitingCounts Counts { get; init; }

    /// <summary>Null: something of it can be claimed. No source: not by this node, which has none for the pool now.</summary>
    public required WaitReason? Waits { get; init; }

    public required DateTimeOffset? NextDue { get; init; }

    public required HoldingRuleView? Rule { get; init; }

    /// <summary>Every value in force, as configuration writes it, and where it was said.</summary>
    public required IReadOnlyList<WaitingLimit> Limits { get; init; }

    /// <summary>What the provider gets from each now, and what it made us learn.</summary>
    public required IReadOnlyList<TrafficStatus> Sources { get; init; }

    /// <param name="isServed">This node has a source for the lane's pool.</param>
    public static WaitingLane Of(LaneStatus lane, bool isServed, ProviderPolicy policy, IReadOnlyList<TrafficStatus> sources) => new()
    {
        Lane = lane.Lane.ToString(),
        Provider = lane.Lane.Provider,
        Site = lane.Lane.Site,
        Pool = lane.Lane.Pool,
        Counts = new WaitingCounts(lane.Ready, lane.Scheduled, lane.Claimed, lane.Held, lane.Sessions, lane.Window),
        Waits = lane.Waits ?? (isServed ? null : WaitReason.NoSource),
        NextDue = lane.NextDue,
        Rule = HoldingRuleView.Of(lane.Rule),
        Limits = [.. policy.Settings.Select(setting => new WaitingLimit(setting.Path, setting.Text, setting.Origin))],
        Sources = sources,
    };
}

/// <param name="Window">Sessions that the lane may have after trouble of its site; null: as many as the limits allow.</param>
internal sealed record WaitingCounts(long Ready, long Scheduled, long Claimed, long Held, int Sessions, int? Window);

internal sealed record WaitingLimit(string Key, string Value, string Origin);
