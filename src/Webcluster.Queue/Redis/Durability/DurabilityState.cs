namespace Webcluster.Queue.Redis.Durability;

/// <summary>Whether mail may be accepted, and if not, why. In order of weight: of several servers the gravest counts.</summary>
internal enum DurabilityState
{
    /// <summary>What is stored stays stored, as far as the mode asks.</summary>
    Durable,

    /// <summary>Memory is above the mark: 452.</summary>
    Full,

    /// <summary>Fewer replicas are connected than the mode asks for.</summary>
    TooFewReplicas,

    /// <summary>The server has started since it was last known sound, and its AOF is not rewritten yet.</summary>
    Rewriting,

    /// <summary>The server's last write to its AOF failed.</summary>
    WriteFailing,

    /// <summary>The server reads its data, or is a replica.</summary>
    NotServing,

    /// <summary>Not looked at since the connection was made.</summary>
    Unknown,

    /// <summary>Its settings do not keep what the mode promises.</summary>
    Misconfigured,

    /// <summary>The store is an older one, or empty: an operator must say how to go on.</summary>
    DataLost,
}
