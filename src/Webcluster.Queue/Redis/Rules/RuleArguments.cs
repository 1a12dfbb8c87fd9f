using StackExchange.Redis;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Redis.Records;
using Webcluster.Queue.Rules;

namespace Webcluster.Queue.Redis.Rules;

/// <summary>A rule as the script "addrule" wants it.</summary>
internal static class RuleArguments
{
    public static RedisValue[] Encode(QueueRule rule, int mostRules) =>
    [
        RuleCode.Encode(rule.Id), RuleCodec.Encode(rule), (int)rule.Action, (int)rule.Target.Scope, Value(rule.Target), rule.Pool ?? "",
        rule.BounceText, rule.Until is { } until ? StoreTime.Microseconds(until) : 0, mostRules,
    ];

    private static RedisValue Value(RuleTarget target) =>
        target.Scope is RuleScope.Message && MessageId.TryParse(target.Value, out var id) ? DeliveryCode.Encode(id) : target.Value;
}
