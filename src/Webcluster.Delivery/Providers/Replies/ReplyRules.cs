namespace Webcluster.Delivery.Providers.Replies;

/// <summary>A provider's rules in the order in which they are asked; the first that matches is the one.</summary>
public sealed class ReplyRules
{
    internal ReplyRules(IReadOnlyList<ReplyRule> rules) => All = rules;

    public IReadOnlyList<ReplyRule> All { get; }

    /// <summary>Null: no rule knows this reply, or it is no refusal.</summary>
    public ReplyRule? Find(Refusal refusal)
    {
        var reply = refusal.Reply;
        if (!reply.IsTransient && !reply.IsPermanent) return null;
        string? normal = null;
        foreach (var rule in All)
            if (rule.MatchesStage(refusal) && rule.MatchesCodes(reply) && rule.MatchesText(normal ??= NormalText.Of(reply.Text)))
                return rule;
        return null;
    }
}
