using Shouldly;
using Webcluster.Queue.Rules;

namespace Webcluster.Queue.Tests.Redis;

internal sealed partial class DifferentialRun
{
    private readonly List<RuleId> _rules = [];

    /// <summary>Adds a rule or takes one away, and waits until both queues have been gone through: how far they are in between is
    /// chance.</summary>
    private async Task RuleAsync()
    {
        if (_rules.Count > 0 && _random.Next(2) == 0)
        {
            var id = Pick(_rules);
            _rules.Remove(id);
            Same(
                await ((IQueueRules)_embedded).EndRuleAsync(id, CancellationToken.None), await ((IQueueRules)_redis).EndRuleAsync(id, CancellationToken.None));
        }
        else if (NewRule() is { } rule)
        {
            _rules.Add(rule.Id);
            Same(
                await ((IQueueRules)_embedded).AddRuleAsync(rule, CancellationToken.None), await ((IQueueRules)_redis).AddRuleAsync(rule, CancellationToken.None));
        }
        await CarriedOutAsync();
    }

    private async Task CarriedOutAsync() => Same((await SettledAsync(_embedded)).Select(Text), (await SettledAsync(_redis)).Select(Text));

    private QueueRule? NewRule()
    {
        var lane = Pick(Lanes);
        var scope = Pick(Enum.GetValues<RuleScope>());
        var value = scope switch
        {
            RuleScope.Lane => lane.ToString(),
            RuleScope.Site => lane.Site,
            RuleScope.Provider => lane.Provider,
            RuleScope.Tenant => Pick(Tenants),
            RuleScope.Domain => "rcpt.example",
            _ => _messages.Count == 0 ? null : Pick(_messages).Id.ToString(),
        };
        var action = Pick(Enum.GetValues<RuleAction>());
        return value is null ? null : new QueueRule(
            RuleId.New(_time.Now), action, new RuleTarget(scope is RuleScope.Tag ? RuleScope.Message : scope, value), "because", _time.Now)
        {
            Pool = action is RuleAction.Move ? Pick(Lanes).Pool : null,
            Until = action is RuleAction.Suspend or RuleAction.Hold && _random.Next(2) == 0 ? _time.Now.AddSeconds(_random.Next(1, 30)) : null,
        };
    }

    /// <summary>Until all has been gone through, and what rules held that ended has gone on: so that all that is held is some listed
    /// rule's.</summary>
    private static async Task<IReadOnlyList<RuleStatus>> SettledAsync(IMailQueue queue)
    {
        for (var end = DateTime.UtcNow.AddSeconds(30); ; await Task.Delay(1))
        {
            // Counted before they are listed: what goes on in between is seen in the list then.
            var held = (await queue.CountAsync(CancellationToken.None)).Held;
            var rules = await ((IQueueRules)queue).RulesAsync(CancellationToken.None);
            if (!rules.Any(rule => rule.IsRunning) && rules.Where(rule => !rule.Rule.StopsLanes).Sum(rule => rule.Holds) == held)
                return rules;
            DateTime.UtcNow.ShouldBeLessThan(end);
        }
    }

    private static string Text(RuleStatus status) => $"{status.Rule} {status.Rule.Id} {status.Holds} {status.Done} {status.UnderWay}";
}
