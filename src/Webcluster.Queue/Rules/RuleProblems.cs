using Webcluster.Queue.Lanes;

namespace Webcluster.Queue.Rules;

/// <summary>What makes a rule no rule. Every queue takes only rules without problems.</summary>
public static class RuleProblems
{
    public const int MostReason = 200;
    public const int MostAuthor = 100;
    private const string Value = "value";

    /// <summary>All of them, each with the name of what it is about; empty: the rule can be added.</summary>
    public static IEnumerable<(string Field, string Problem)> Of(QueueRule rule)
    {
        if (!Enum.IsDefined(rule.Action))
            yield return ("action", "is not known");
        if (!Enum.IsDefined(rule.Target.Scope))
            yield return ("scope", "is not known");
        else if (!RuleTarget.TryCreate(rule.Target.Scope, rule.Target.Value, out var target) || target != rule.Target)
            yield return (Value, $"names no {rule.Target.Scope.ToString().ToLowerInvariant()}");
        if (!IsLine(rule.Reason, MostReason))
            yield return ("reason", $"must be one line of 1 to {MostReason} characters");
        if (rule.Author is { } author && !IsLine(author, MostAuthor))
            yield return ("author", $"must be one line of 1 to {MostAuthor} characters");
        if (rule is { Until: not null, IsStanding: false })
            yield return ("until", "is for suspend and hold: the other actions act once");
        if (rule.Until <= rule.AddedAt)
            yield return ("until", "is in the past");
        if (rule.Action is RuleAction.Move != rule.Pool is not null)
            yield return ("pool", "says where move moves to, and is for move alone");
        else if (rule.Pool is { } pool && !PoolName.IsName(pool))
            yield return ("pool", $"must be {PoolName.Expected}");
    }

    /// <summary>Is it a rule that this version or an older one took? What is stored stays readable.</summary>
    internal static bool MayBeStored(QueueRule rule) => Of(rule).All(found => found.Field == Value && rule.Target.WasTaken);

    private static bool IsLine(string text, int most) =>
        text.Length > 0 && text.Length <= most && !text.Any(char.IsControl) && !string.IsNullOrWhiteSpace(text);
}
