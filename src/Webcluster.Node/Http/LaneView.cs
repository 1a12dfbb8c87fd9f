using Webcluster.Queue.Sessions;
using Webcluster.Queue.Status;

namespace Webcluster.Node.Http;

/// <summary>A lane in the list of the queue.</summary>
internal sealed record LaneView
{
    public required string Lane { get; init; }

    public required string Provider { get; init; }

    public required string Site { get; init; }

    public required string Pool { get; init; }

    public required long Ready { get; init; }

    public required long Scheduled { get; init; }

    public required long Claimed { get; init; }

    public required long Held { get; init; }

    public required int Sessions { get; init; }

    /// <summary>Sessions that it may have after trouble of its site; null: as many as the limits allow.</summary>
    public required int? Window { get; init; }

    public required DateTimeOffset? NextDue { get; init; }

    public required WaitReason? Waits { get; init; }

    public required HoldingRuleView? Rule { get; init; }

    public static LaneView Of(LaneStatus lane) => new()
    {
        Lane = lane.Lane.ToString(),
        Provider = lane.Lane.Provider,
        Site = lane.Lane.Site,
        Pool = lane.Lane.Pool,
        Ready = lane.Ready,
        Scheduled = lane.Scheduled,
        Claimed = lane.Claimed,
        Held = lane.Held,
        Sessions = lane.Sessions,
        Window = lane.Window,
        NextDue = lane.NextDue,
        Waits = lane.Waits,
        Rule = HoldingRuleView.Of(lane.Rule),
    };
}
