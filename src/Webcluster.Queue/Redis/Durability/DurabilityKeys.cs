using System.Globalization;
using StackExchange.Redis;

namespace Webcluster.Queue.Redis.Durability;

/// <summary>Keys of a shard that are about the store itself.</summary>
internal static class DurabilityKeys
{
    /// <summary>Raised by every heartbeat.</summary>
    public static RedisKey Epoch(int shard) => Key(shard, "epoch");

    /// <summary>run_id of the server's start after which its AOF was rewritten.</summary>
    public static RedisKey Rewritten(int shard) => Key(shard, "rewritten");

    /// <summary>Written before replicas are waited for.</summary>
    public static string Fence(int shard) => Key(shard, "fence")!;

    private static RedisKey Key(int shard, string name) => string.Create(CultureInfo.InvariantCulture, $"wc:{{{shard}}}:{name}");
}
