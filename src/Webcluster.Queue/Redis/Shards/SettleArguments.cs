using StackExchange.Redis;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Redis.Records;
using Webcluster.Queue.Settling;

namespace Webcluster.Queue.Redis.Shards;

/// <summary>Outcomes as the script "settle" wants them: kind, delivery, number, text, events.</summary>
internal static class SettleArguments
{
    public static RedisValue[] Encode(IReadOnlyList<Settlement> outcomes) => [.. outcomes.SelectMany(Encode)];

    public static RedisValue[] Encode(Settlement outcome) => outcome switch
    {
        Settlement.Done { Sent: true } => [.. Head("sent", outcome), 0, RedisValue.EmptyString, Events(outcome)],
        Settlement.Done => [.. Head("done", outcome), 0, RedisValue.EmptyString, Events(outcome)],
        Settlement.Deferred { Remaining.Count: 0 } =>
            throw new ArgumentException("A deferral names at least one remaining recipient.", nameof(outcome)),
        Settlement.Deferred deferred =>
        [
            .. Head(deferred.CountsAttempt ? "attempted" : "deferred", outcome), Wait(deferred.After),
            RecipientsCodec.Encode(deferred.Remaining), Events(outcome),
        ],
        Settlement.Returned => [.. Head("returned", outcome), 0, RedisValue.EmptyString, Events(outcome)],
        Settlement.Rerouted rerouted => [.. Head("moved", outcome), 0, LaneCode.Encode(rerouted.To), Events(outcome)],
        _ => throw new ArgumentException($"An outcome of unknown type {outcome.GetType().Name}.", nameof(outcome)),
    };

    /// <summary>Puts a delivery off, untouched otherwise.</summary>
    public static RedisValue[] Postpone(DeliveryId delivery, TimeSpan wait) =>
        ["postponed", DeliveryCode.Encode(delivery), Wait(wait), RedisValue.EmptyString, RedisValue.EmptyString];

    private static RedisValue[] Head(string kind, Settlement outcome) => [kind, DeliveryCode.Encode(outcome.Delivery)];

    private static RedisValue Events(Settlement outcome) => EventCode.Pack(outcome.Events);

    // Kept below what the store's numbers hold exactly.
    private static long Wait(TimeSpan wait) =>
        StoreTime.Microseconds(TimeSpan.FromTicks(Math.Clamp(wait.Ticks, 0, TimeSpan.TicksPerDay * 36_500)));
}
