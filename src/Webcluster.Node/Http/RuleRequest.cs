using System.Text.Json.Serialization;
using Webcluster.Queue.Rules;

namespace Webcluster.Node.Http;

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
