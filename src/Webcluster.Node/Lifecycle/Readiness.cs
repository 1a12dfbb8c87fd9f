namespace Webcluster.Node.Lifecycle;

/// <summary>Whether this node should be given work. Safe for concurrent use.</summary>
internal sealed class Readiness(TimeProvider time)
{
    private readonly Lock _lock = new();
    private volatile NodeState _state = new(NodePhase.Starting, "", time.GetUtcNow());

    public NodeState State => _state;

    public bool IsDraining => _state.Phase is NodePhase.Draining or NodePhase.Stopping;

    /// <summary>All listeners are bound.</summary>
    public void Started() => Move(NodePhase.Ready, "", from => from == NodePhase.Starting);

    /// <returns>False where the node is starting or stopping, and stays so.</returns>
    public bool TryDrain(string reason) => Move(NodePhase.Draining, reason, from => from is NodePhase.Ready or NodePhase.Draining);

    /// <returns>False where the node is starting or stopping, and stays so.</returns>
    public bool TryResume() => Move(NodePhase.Ready, "", from => from is NodePhase.Ready or NodePhase.Draining);

    /// <summary>For good.</summary>
    /// <returns>The state before.</returns>
    public NodeState Stop()
    {
        lock (_lock)
        {
            var before = _state;
            _state = new NodeState(NodePhase.Stopping, "", time.GetUtcNow());
            return before;
        }
    }

    private bool Move(NodePhase to, string reason, Func<NodePhase, bool> from)
    {
        lock (_lock)
        {
            if (!from(_state.Phase)) return false;
            _state = _state.Phase == to ? _state with { Reason = reason } : new NodeState(to, reason, time.GetUtcNow());
            return true;
        }
    }
}
