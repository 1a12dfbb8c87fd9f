using Webcluster.Queue.Rules;

namespace Webcluster.Node.Http;

/// <summary>The rule that something waits for, where that something is shown.</summary>
internal sealed record HoldingRuleView
{
    public required string Id { get; init; }

    public required RuleAction Action { get; init; }

    public required RuleScope Scope { get; init; }

    public required string Value { get; init; }

    public required string Reason { get; init; }

    public required string? Author { get; init; }

    public required DateTimeOffset? Until { get; init; }

    public static HoldingRuleView? Of(QueueRule? rule) => rule is null ? null : new HoldingRuleView
    {
        Id = rule.Id.ToString(),
        Action = rule.Action,
        Scope = rule.Target.Scope,
        Value = rule.Target.Value,
        Reason = rule.Reason,
        Author = rule.Author,
        Until = rule.Until,
    };
}
