using Webcluster.Protocol.Units;

namespace Webcluster.Queue.Redis.Durability;

/// <summary>What the shared queue demands of its Redis before it says that mail is stored.</summary>
public sealed class DurabilityOptions
{
    /// <summary>fsync, replicated or relaxed. Default fsync.</summary>
    public DurabilityMode Mode { get; set; } = DurabilityMode.Fsync;

    /// <summary>Replicas that must acknowledge, in mode replicated. Default 1.</summary>
    public int Replicas { get; set; } = 1;

    /// <summary>How long replicas may take to acknowledge; beyond it mail is refused (451). Default 1s.</summary>
    public TimeSpan ReplicaTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Memory a server may use: above 85 % of it mail is refused (452), below 80 % taken again. Default: its maxmemory.</summary>
    public ByteSize? Memory { get; set; }

    public IEnumerable<(string Key, string Problem)> Problems()
    {
        if (Replicas is < 1 or > 100) yield return ("replicas", "must be 1 to 100");
        if (ReplicaTimeout < TimeSpan.FromMilliseconds(50) || ReplicaTimeout > TimeSpan.FromSeconds(30))
            yield return ("replica_timeout", "must be 50ms to 30s");
        if (Memory is { Octets: 0 }) yield return ("memory", "must be more than 0");
    }
}
