using Webcluster.Protocol.Units;
using Webcluster.Queue.Embedded;
using Webcluster.Queue.Events;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Redis;

namespace Webcluster.Node.Configuration;

/// <summary>
/// Where accepted mail waits. Without `queue.redis` it is the embedded queue: one node, a SQLite file, every accepted message on disk
/// before 250; folder, hot_memory, min_free and max_content are for that one.
/// </summary>
public sealed class QueueOptions
{
    /// <summary>Folder of the queue's files. Default "queue" in node.state_folder.</summary>
    public string Folder { get; set; } = "";

    /// <summary>Recently accepted mail that is kept in memory too, so that what is delivered at once is not read back. Default
    /// 32MiB.</summary>
    public ByteSize HotMemory { get; set; } = ByteSize.FromMebibytes(32);

    /// <summary>What must stay free on the disk; with less, mail is refused (452), outcomes are still stored, and reports of what failed down to half of it. Default 64MiB.</summary>
    public ByteSize MinFree { get; set; } = ByteSize.FromMebibytes(64);

    /// <summary>Content that may be queued in all; beyond it mail is refused (452). Default: no limit but the disk's.</summary>
    public ByteSize? MaxContent { get; set; }

    /// <summary>Connections to one site at once, from all nodes together. Default 10 (KumoMTA).</summary>
    public int SiteConnections { get; set; } = 10;

    /// <summary>Messages on one connection; then it is closed. Default 100 (KumoMTA).</summary>
    public int MessagesPerConnection { get; set; } = 100;

    public RedisOptions? Redis { get; set; }

    public IEnumerable<(string Key, string Problem)> Problems()
    {
        foreach (var (key, problem) in Redis?.Problems() ?? []) yield return ($"redis.{key}", problem);
        if (MaxContent is { Octets: 0 }) yield return ("max_content", "must be more than 0");
        if (SiteConnections is < 1 or > 100_000) yield return ("site_connections", "must be 1 to 100000");
        if (MessagesPerConnection is < 1 or > 1_000_000) yield return ("messages_per_connection", "must be 1 to 1000000");
    }

    /// <returns>Null where the queue is the embedded one.</returns>
    internal RedisQueueOptions? ToRedis(string stateFolder, EventOptions events) => Redis is null ? null : new()
    {
        StateFolder = stateFolder,
        Link = Redis,
        Durability = Redis.Durability,
        Shards = Redis.Shards,
        Events = events,
        SiteLimits = new SiteLimits(SiteConnections, MessagesPerConnection),
    };

    internal EmbeddedQueueOptions ToEmbedded(EventOptions events) => new()
    {
        Events = events,
        Folder = Folder,
        HotOctets = HotMemory.Octets,
        MinFree = MinFree.Octets,
        MaxContent = MaxContent?.Octets ?? long.MaxValue,
        SiteLimits = new SiteLimits(SiteConnections, MessagesPerConnection),
    };
}
