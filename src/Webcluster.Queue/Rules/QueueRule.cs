namespace Webcluster.Queue.Rules;

/// <summary>One rule as an operator gave it. It never changes; see <see cref="RuleProblems"/> for what is a sound one.</summary>
/// <param name="Reason">Shown wherever the rule shows, and in the reports of what it bounces.</param>
public sealed record QueueRule(RuleId Id, RuleAction Action, RuleTarget Target, string Reason, DateTimeOffset AddedAt)
{
    /// <summary>Who wanted it; null: not said.</summary>
    public string? Author { get; init; }

    /// <summary>When a standing rule ends by itself; null: it does not.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>For <see cref="RuleAction.Move"/>: where to.</summary>
    public string? Pool { get; init; }

    /// <summary>It lasts, and reaches mail that comes later.</summary>
    public bool IsStanding => Action is RuleAction.Suspend or RuleAction.Hold;

    /// <summary>It stops lanes whole rather than deliveries one by one.</summary>
    public bool StopsLanes => Action is RuleAction.Suspend && Target.IsOfLanes;

    /// <summary>What the reports of a bounce say.</summary>
    internal string BounceText => $"bounced by an operator: {Reason}";

    public override string ToString() => $"{Action} {Target.Scope} {Target.Value}";
}
