using StackExchange.Redis;
using Webcluster.Queue.Events;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Redis.Records;

namespace Webcluster.Queue.Redis.Shards;

/// <summary>A message with its deliveries of one shard as the script "enqueue" wants them.</summary>
internal static class EnqueueArguments
{
    /// <summary>What is to be stored on each shard; the message's record is made once.</summary>
    /// <param name="accepted">Its event; null: none is kept. It goes to the first of the shards.</param>
    public static List<(Shard Shard, RedisValue[] Arguments)> Encode(NewMessage message, ShardMap shards, MailEvent? accepted)
    {
        var record = MessageRecord.Encode(message);
        RedisValue json = accepted is null ? RedisValue.EmptyString : MailEventJson.Encode(accepted);
        var first = shards.Of(message.Deliveries[0].Lane);
        var due = message.NotBefore is { } notBefore ? StoreTime.Microseconds(notBefore) : 0;
        return [.. message.Deliveries.Index().GroupBy(delivery => shards.Of(delivery.Item.Lane)).Select(shard => (shard.Key, (RedisValue[])
        [
            DeliveryCode.Encode(message.Id), record, message.Content.Length, "new", shard.Key == first ? json : RedisValue.EmptyString,
            .. shard.SelectMany(delivery => Encode(message, delivery.Index, delivery.Item, due)),
        ]))];
    }

    /// <summary>The same without the message's record, for where it may be there already.</summary>
    public static RedisValue[] WithoutRecord(RedisValue[] arguments) => [arguments[0], RedisValue.EmptyString, .. arguments[2..]];

    /// <summary>A delivery that moves here from another shard, with the record of its message.</summary>
    /// <param name="move">Names this move: asked again, it is not made again.</param>
    /// <param name="message">Its record, empty where it may be there already, and the octets of its content.</param>
    public static RedisValue[] Moved(
        DeliveryId id, DeliveryRecord delivery, LaneKey to, byte[] move, (byte[] Record, int ContentLength) message) =>
    [
        DeliveryCode.Encode(id.Message), message.Record, message.ContentLength, "move", move,
        id.Ordinal, StoreTime.Microseconds(delivery.Due), delivery.Attempts, delivery.MayHaveBeenSent ? 1 : 0,
        LaneCode.Encode(to), FlowCode.Encode(delivery.Flow), RecipientsCodec.Encode(delivery.Recipients),
    ];

    private static RedisValue[] Encode(NewMessage message, int ordinal, NewDelivery delivery, long due) =>
    [
        ordinal, due, 0, 0, LaneCode.Encode(delivery.Lane),
        FlowCode.Encode(new FlowKey(delivery.Class, message.Envelope.Tenant)), RecipientsCodec.Encode(delivery.Recipients),
    ];
}
