using Webcluster.Queue.Rules;

namespace Webcluster.Node.Http;

/// <summary>All rules.</summary>
internal sealed record RuleList(IReadOnlyList<RuleView> Rules);

/// <summary>A rule as the API shows it.</summary>
internal sealed record RuleView
{
    public const string Standing = "standing";

    public required string Id { get; init; }

    public required RuleAction Action { get; init; }

    public required RuleScope Scope { get; init; }

    public required string Value { get; init; }

    public required string? Pool { get; init; }

    public required string Reason { get; init; }

    public required string? Author { get; init; }

    public required DateTimeOffset AddedAt { get; init; }

    public required DateTimeOffset? Until { get; init; }

    /// <summary>"standing", "running" or "done".</summary>
    public required string State { get; init; }

    public required long Holds { get; init; }

    public required long Done { get; init; }

    public required long UnderWay { get; init; }

    public static RuleView Of(RuleStatus status)
    {
        var rule = status.Rule;
        return new RuleView
        {
            Id = rule.Id.ToString(),
            Action = rule.Action,
            Scope = rule.Target.Scope,
            Value = rule.Target.Value,
            Pool = rule.Pool,
            Reason = rule.Reason,
            Author = rule.Author,
            AddedAt = rule.AddedAt,
            Until = rule.Until,
            State = rule.IsStanding ? Standing : status.IsRunning ? "running" : "done",
            Holds = status.Holds,
            Done = status.Done,
            UnderWay = status.UnderWay,
        };
    }
}
