using Webcluster.Queue;

namespace Webcluster.Node.Lifecycle;

/// <summary>Whether to give this node mail, as /readyz and the agent-check tell it.</summary>
internal sealed class NodeHealth(Readiness readiness, IMailQueue queue)
{
    public NodePhase Phase => readiness.State.Phase;

    /// <summary>Why the queue takes no mail now; null where it does.</summary>
    public string? QueueTrouble =>
        queue.IsAccepting(out var reason) ? null : reason == EnqueueResult.Full ? "queue full" : "queue unavailable";

    /// <summary>All that speaks against giving it mail; empty where nothing does.</summary>
    public IReadOnlyList<string> Reasons()
    {
        var reasons = new List<string>();
        if (Phase == NodePhase.Starting) reasons.Add("starting");
        // For who balances load both are the same: no new connections, those that are open come to their end.
        if (Phase is NodePhase.Draining or NodePhase.Stopping) reasons.Add("draining");
        if (QueueTrouble is { } trouble) reasons.Add(trouble);
        return reasons;
    }
}
