using StackExchange.Redis;
using Webcluster.Queue.Events;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Redis.Connection;
using Webcluster.Queue.Redis.Rules;
using Webcluster.Queue.Redis.Shards;
using Webcluster.Queue.Rules;

namespace Webcluster.Queue.Redis;

/// <summary>Every rule is on every shard; each carries it out on what it has.</summary>
public sealed partial class RedisMailQueue
{
    /// <summary>A list that people can still read.</summary>
    private const int MostRules = 1000;

    private const int RuleStride = 6;

    private volatile IReadOnlyList<RuleStatus> _latestRules = [];

    public async Task<AddRuleResult> AddRuleAsync(QueueRule rule, CancellationToken cancellation)
    {
        foreach (var (field, problem) in RuleProblems.Of(rule))
            throw new ArgumentException($"{field} {problem}", nameof(rule));
        cancellation.ThrowIfCancellationRequested();
        var held = rule.IsStanding ? QueueEvents.Held(rule, await TenantOfAsync(rule, cancellation), _options.Events.Node) : null;
        var results = await Task.WhenAll(_shards.All.Select(shard =>
            AddAsync(shard, RuleArguments.Encode(rule, MostRules, shard == _shards.All[0] && _options.Events.Most > 0 ? held : null))));
        var result = Together(results);
        if (result is AddRuleResult.Added)
        {
            _logger.RuleAdded(rule.Id, rule, rule.Until, rule.Author ?? "nobody named", rule.Reason);
            if (held is not null)
                _options.Events.Tell([held]);
        }
        else if (!results.Contains(AddRuleResult.AlreadyAdded))
            await Task.WhenAll(_shards.All.Select(shard => TryEndAsync(shard, rule.Id)));
        return result;
    }

    public async Task<EndRuleResult> EndRuleAsync(RuleId id, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var ended = await Task.WhenAll(_shards.All.Select(shard => TryEndAsync(shard, id)));
        if (ended.Any(end => end.Result is EndRuleResult.Unavailable))
            return EndRuleResult.Unavailable;
        if (ended.FirstOrDefault(end => end.Rule is not null).Rule is not { } rule)
            return EndRuleResult.Unknown;
        _logger.RuleTakenAway(id, rule);
        return EndRuleResult.Ended;
    }

    public async ValueTask<IReadOnlyList<RuleStatus>> RulesAsync(CancellationToken cancellation)
    {
        var all = await OnAllAsync(RulesAsync, cancellation);
        // In the order of the first shard: on each it is the order in which they were added there.
        return [.. all.SelectMany(rules => rules).GroupBy(status => status.Rule.Id).Select(group => group.Aggregate(Together))];
    }

    private async ValueTask<string?> TenantOfAsync(QueueRule rule, CancellationToken cancellation)
    {
        if (rule.Target.Scope is not RuleScope.Message || !MessageId.TryParse(rule.Target.Value, out var id))
            return null;
        try
        {
            return (await FindAsync(id, cancellation)).FirstOrDefault()?.Tenant;
        }
        catch (QueueUnavailableException)
        {
            // The rule says so itself, or is stored without.
            return null;
        }
    }

    private async Task<AddRuleResult> AddAsync(Shard shard, RedisValue[] arguments)
    {
        try
        {
            return (await shard.RunAsync(_scripts.AddRule, arguments)).Text() switch
            {
                "added" => AddRuleResult.Added,
                "known" => AddRuleResult.AlreadyAdded,
                "many" => AddRuleResult.TooMany,
                var other => throw Reply.Bad($"to a rule with {other}"),
            };
        }
        catch (RedisTroubleException)
        {
            return AddRuleResult.Unavailable;
        }
    }

    /// <summary>Added where it was not on all shards already, and is now.</summary>
    private static AddRuleResult Together(AddRuleResult[] results)
    {
        if (results.Contains(AddRuleResult.Unavailable))
            return AddRuleResult.Unavailable;
        if (results.Contains(AddRuleResult.TooMany))
            return AddRuleResult.TooMany;
        return results.Contains(AddRuleResult.Added) ? AddRuleResult.Added : AddRuleResult.AlreadyAdded;
    }

    private async Task<(EndRuleResult Result, QueueRule? Rule)> TryEndAsync(Shard shard, RuleId id)
    {
        var code = RuleCode.Encode(id);
        try
        {
            var record = await shard.RunAsync(_scripts.EndRule, code);
            return record.IsNull ? (EndRuleResult.Unknown, null) : (EndRuleResult.Ended, RuleCode.Decode(code, record.Octets()));
        }
        catch (RedisTroubleException)
        {
            return (EndRuleResult.Unavailable, null);
        }
    }

    private async Task<List<RuleStatus>> RulesAsync(Shard shard)
    {
        List<RuleStatus> rules = [];
        var stopped = new Dictionary<RuleId, long>();
        for (var skip = 0; ; skip += LanesCountedAtATime)
        {
            var reply = (await shard.RunAsync(_scripts.Rules, skip, LanesCountedAtATime)).Items(least: 2);
            var end = 2 + (int)reply[1].Number() * RuleStride;
            if (end > reply.Length || (reply.Length - end) % 2 != 0)
                throw Reply.Bad("rules of another length");
            rules = [.. Enumerable.Range(0, (end - 2) / RuleStride).Select(i => Status(reply.AsSpan(2 + i * RuleStride, RuleStride)))];
            for (var i = end; i < reply.Length; i += 2)
            {
                var id = new RuleId(new Guid(reply[i].Octets(), bigEndian: true));
                stopped[id] = stopped.GetValueOrDefault(id) + reply[i + 1].Number();
            }
            if (reply[0].Number() == 0)
                return rules.ConvertAll(status => status with { Holds = status.Holds + stopped.GetValueOrDefault(status.Rule.Id) });
        }
    }

    private static RuleStatus Status(ReadOnlySpan<RedisResult> items) => new(
        RuleCode.Decode(items[0].Octets(), items[1].Octets()), items[2].Number(), items[3].Number(), items[4].Number(),
        items[5].Number() == 1);

    private static RuleStatus Together(RuleStatus one, RuleStatus other) => one with
    {
        Holds = one.Holds + other.Holds, Done = one.Done + other.Done, UnderWay = one.UnderWay + other.UnderWay,
        IsRunning = one.IsRunning || other.IsRunning,
    };

    /// <summary>One shard is done with a rule: the last one says so.</summary>
    private async Task CarriedOutAsync(byte[] id)
    {
        var rules = await RulesAsync(CancellationToken.None);
        if (rules.FirstOrDefault(status => RuleCode.Encode(status.Rule.Id).AsSpan().SequenceEqual(id)) is { IsRunning: false } status)
            _logger.RuleCarriedOut(status.Rule.Id, status.Rule, status.Done, status.UnderWay);
    }

    private async Task ObserveAsync(CancellationToken cancellation)
    {
        _latest = await CountAsync(cancellation);
        _latestRules = await RulesAsync(cancellation);
        await SweepSuppressionsAsync(CountInterval);
    }
}
