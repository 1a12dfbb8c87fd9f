using StackExchange.Redis;
using Webcluster.Queue.Events;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Redis.Records;
using Webcluster.Queue.Rules;

namespace Webcluster.Queue.Redis.Rules;

/// <summary>A rule as the script "addrule" wants it.</summary>
internal static class RuleArguments
{
    /// <param name="happened">Its event; null: it has none, or that is on another shard.</param>
    public static RedisValue[] Encode(QueueRule rule, int mostRules, MailEvent? happened) =>
    [
        RuleCode.Encode(rule.Id), RuleCodec.Encode(rule), (int)rule.Action, (int)rule.Target.Scope, Value(rule.Target), rule.Pool ?? "",
        rule.BounceText, rule.Until is { } until ? StoreTime.Microseconds(until) : 0, mostRules,
        happened is null ? RedisValue.EmptyString : MailEventJson.Encode(happened),
        rule.Target.Scope is RuleScope.Message ? Value(rule.Target) : RedisValue.EmptyString,
    ];

    private static RedisValue Value(RuleTarget target) =>
        target.Scope is RuleScope.Message && MessageId.TryParse(target.Value, out var id) ? DeliveryCode.Encode(id) : target.Value;
}
