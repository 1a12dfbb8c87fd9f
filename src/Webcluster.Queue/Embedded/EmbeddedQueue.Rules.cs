using Webcluster.Queue.Embedded.Indexing;
using Webcluster.Queue.Embedded.Writing;
using Webcluster.Queue.Events;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Rules;

namespace Webcluster.Queue.Embedded;

public sealed partial class EmbeddedQueue
{
    /// <summary>A list that people can still read, and that each lane can be held against.</summary>
    private const int MostRules = 1000;

    public async Task<AddRuleResult> AddRuleAsync(QueueRule rule, CancellationToken cancellation)
    {
        foreach (var (field, problem) in RuleProblems.Of(rule))
            throw new ArgumentException($"{field} {problem}", nameof(rule));
        lock (_index.Gate)
        {
            if (_index.Rules.Find(rule.Id) is not null)
                return AddRuleResult.AlreadyAdded;
            if (_index.Rules.Active >= MostRules)
                return AddRuleResult.TooMany;
        }
        var held = rule.IsStanding ? QueueEvents.Held(rule, await TenantOfAsync(rule, cancellation), _events.Node) : null;
        var operation = new AddRuleOperation(rule, _events.Most > 0 ? held : null);
        if (_health.IsFailing || !await _writer.TryHandOverAsync(operation, cancellation))
            return AddRuleResult.Unavailable;
        var result = await operation.Completion;
        if (result is AddRuleResult.Added)
        {
            _logger.RuleAdded(rule.Id, rule, rule.Until, rule.Author ?? "nobody named", rule.Reason);
            if (held is not null)
                _events.Tell([held]);
        }
        return result;
    }

    public async Task<EndRuleResult> EndRuleAsync(RuleId id, CancellationToken cancellation)
    {
        ActiveRule? rule;
        lock (_index.Gate)
            rule = _index.Rules.Find(id);
        if (rule is null)
            return EndRuleResult.Unknown;
        var operation = new EndRuleOperation(rule);
        if (_health.IsFailing || !await _writer.TryHandOverAsync(operation, cancellation) || !await operation.Completion)
            return EndRuleResult.Unavailable;
        _logger.RuleTakenAway(id, rule.Rule);
        return EndRuleResult.Ended;
    }

    public ValueTask<IReadOnlyList<RuleStatus>> RulesAsync(CancellationToken cancellation) => ValueTask.FromResult(Rules());

    private async ValueTask<string?> TenantOfAsync(QueueRule rule, CancellationToken cancellation) =>
        rule.Target.Scope is RuleScope.Message && MessageId.TryParse(rule.Target.Value, out var id)
            ? (await FindAsync(id, cancellation)).FirstOrDefault()?.Tenant
            : null;

    private IReadOnlyList<RuleStatus> Rules()
    {
        lock (_index.Gate)
            return _index.RuleStatuses();
    }
}
