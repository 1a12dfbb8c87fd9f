namespace Webcluster.Queue.Redis.Connection;

/// <summary>What went wrong with a call. Everything but <see cref="Full"/> is 451 to whoever submits; nothing is ever 5xx.</summary>
internal enum RedisTroubleKind
{
    /// <summary>maxmemory is reached: 452.</summary>
    Full,

    /// <summary>No connection, or it broke; or the server has aborted the transaction.</summary>
    Unavailable,

    /// <summary>No answer within the bound.</summary>
    Timeout,

    /// <summary>The server is a replica.</summary>
    ReadOnly,

    /// <summary>The server reads its data from disk.</summary>
    Loading,

    /// <summary>A script runs for too long; the server answers nobody else.</summary>
    Busy,

    /// <summary>The server cannot write to disk, and refuses writes for that.</summary>
    NotPersisting,

    /// <summary>Fewer good replicas than min-replicas-to-write asks for.</summary>
    NoReplicas,

    /// <summary>A slot has no primary, or the servers do not agree on it.</summary>
    ClusterDown,

    /// <summary>A slot is being moved: until that is over nothing runs on it. The servers are well.</summary>
    SlotMoving,

    /// <summary>Wrong password, or the user may not do this.</summary>
    Denied,

    /// <summary>An answer that no server of ours gives: a wrong type, an unknown error, a fault of a script.</summary>
    BadReply,
}
