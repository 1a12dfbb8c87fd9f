using Webcluster.Queue.Events;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Redis.Connection;
using Webcluster.Queue.Redis.Durability;

namespace Webcluster.Queue.Redis;

/// <summary>How the queue in Redis is kept.</summary>
public sealed record RedisQueueOptions
{
    public const int MostShards = 1024;

    /// <summary>Where the Redis is and how it is spoken to.</summary>
    public RedisLinkOptions Link { get; init; } = new();

    /// <summary>What must have happened before a message counts as stored.</summary>
    public DurabilityOptions Durability { get; init; } = new();

    /// <summary>
    /// Hash slots the queue is spread over; fixed when the store is first used. Default 1; for a Redis Cluster 64, so that its nodes share
    /// the work.
    /// </summary>
    public int Shards { get; init; } = 1;

    /// <summary>
    /// Folder where the node keeps what it has seen of the store (file queue-epoch), so that after its restart it notices one that went
    /// back in time. Null: it notices that only while it runs.
    /// </summary>
    public string? StateFolder { get; init; }

    /// <summary>A node that was not heard of for so long is overdue. Default 10 s: five missed beats.</summary>
    public TimeSpan NodeExpiry { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What a site stands, from all nodes together. Default: 10 connections, 100 messages on each.</summary>
    public SiteLimits SiteLimits { get; init; } = new();

    /// <summary>Shares of a lane by class. Default 100 : 10 : 1.</summary>
    public FlowWeights Weights { get; init; } = new();

    /// <summary>What is kept of what happened.</summary>
    public EventOptions Events { get; init; } = new();

    /// <summary>For tests: stands for the store's clock, and drives what waits for it.</summary>
    internal TimeProvider? StoreClock { get; init; }
}
