using Webcluster.Queue.Redis;
using Webcluster.Queue.Redis.Connection;
using Webcluster.Queue.Redis.Durability;

namespace Webcluster.Node.Configuration;

/// <summary>The queue that all nodes of a cluster share. Without this section the node has an embedded queue of its own.</summary>
public sealed class RedisOptions : RedisLinkOptions
{
    /// <summary>
    /// Hash slots the queue is spread over, the same on all nodes; fixed when the store is first used. Default 1; for a Redis Cluster give
    /// 64, so that its servers share the work.
    /// </summary>
    public int Shards { get; set; } = 1;

    public DurabilityOptions Durability { get; set; } = new();

    public new IEnumerable<(string Key, string Problem)> Problems()
    {
        foreach (var problem in base.Problems()) yield return problem;
        if (Shards is < 1 or > RedisQueueOptions.MostShards) yield return ("shards", $"must be 1 to {RedisQueueOptions.MostShards}");
        foreach (var (key, problem) in Durability.Problems()) yield return ($"durability.{key}", problem);
    }
}
