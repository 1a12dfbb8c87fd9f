namespace Webcluster.Queue.Redis.Durability;

/// <summary>What must have happened before a message counts as stored.</summary>
public enum DurabilityMode
{
    /// <summary>The server has fsynced it: appendfsync always.</summary>
    Fsync,

    /// <summary>The server has fsynced it, and replicas have acknowledged it: WAITAOF where the server has it, else WAIT.</summary>
    Replicated,

    /// <summary>The server has it. A crash may lose the last second or two: appendfsync everysec.</summary>
    Relaxed,
}
