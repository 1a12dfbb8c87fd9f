using System.Text.Json.Serialization;
using Webcluster.Queue.Rules;

namespace Webcluster.Node.Http;

/// <summary>A rule as the API shows it.</summary>
/// <param name="State">"standing", "running" or "done".</param>
internal sealed record RuleView(
    string Id, RuleAction Action, RuleScope Scope, string Value, string? Pool, string Reason, string? Author, DateTimeOffset AddedAt,
    DateTimeOffset? Until, string State, long Holds, long Done, long UnderWay)
{
    public static RuleView Of(RuleStatus status)
    {
        var rule = status.Rule;
        var state = rule.IsStanding ? "standing" : status.IsRunning ? "running" : "done";
        return new RuleView(
            rule.Id.ToString(), rule.Action, rule.Target.Scope, rule.Target.Value, rule.Pool, rule.Reason, rule.Author, rule.AddedAt,
            rule.Until, state, status.Holds, status.Done, status.UnderWay);
    }
}

/// <summary>The rule that something waits for, where that something is shown.</summary>
internal sealed record HoldingRuleView(
    string Id, RuleAction Action, RuleScope Scope, string Value, string Reason, string? Author, DateTimeOffset? Until)
{
    public static HoldingRuleView? Of(QueueRule? rule) => rule is null ? null : new HoldingRuleView(
        rule.Id.ToString(), rule.Action, rule.Target.Scope, rule.Target.Value, rule.Reason, rule.Author, rule.Until);
}

/// <summary>A rule as an operator asks for it.</summary>
internal sealed record RuleRequest
{
    [JsonRequired]
    public RuleAction Action { get; init; }

    [JsonRequired]
    public RuleScope Scope { get; init; }

    [JsonRequired]
    public required string Value { get; init; }

    [JsonRequired]
    public required string Reason { get; init; }

    public string? Author { get; init; }

    public DateTimeOffset? Until { get; init; }

    public string? Pool { get; init; }

    public QueueRule ToRule(DateTimeOffset now)
    {
        // A value that nothing can be called stays as it is, and is named among the problems.
        var target = RuleTarget.TryCreate(Scope, Value ?? "", out var named) ? named : new RuleTarget(Scope, Value ?? "");
        return new QueueRule(RuleId.New(now), Action, target, Reason ?? "", now)
        {
            Author = Author, Until = Until?.ToUniversalTime(), Pool = Pool,
        };
    }
}
