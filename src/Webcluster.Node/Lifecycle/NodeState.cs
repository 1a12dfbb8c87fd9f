namespace Webcluster.Node.Lifecycle;

/// <summary>Where a node stands between its start and its end.</summary>
internal enum NodePhase
{
    /// <summary>Not all listeners are bound.</summary>
    Starting,

    Ready,

    /// <summary>By the operator's wish, until resumed: no new mail, no deliveries.</summary>
    Draining,

    /// <summary>The process comes to its end.</summary>
    Stopping,
}

/// <param name="Reason">What the operator gave for draining; empty where nothing.</param>
internal sealed record NodeState(NodePhase Phase, string Reason, DateTimeOffset Since);
