namespace Webcluster.Queue.Redis.Connection;

internal enum RedisConnectionKind
{
    /// <summary>One server, that stays where it is.</summary>
    Server,

    /// <summary>The server the Sentinels named; another may take its place.</summary>
    Primary,

    /// <summary>All nodes of a cluster.</summary>
    Cluster,

    /// <summary>A Sentinel.</summary>
    Sentinel,
}
