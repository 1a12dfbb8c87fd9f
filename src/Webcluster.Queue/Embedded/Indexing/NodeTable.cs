using Webcluster.Queue.Sessions;

namespace Webcluster.Queue.Embedded.Indexing;

/// <summary>
/// When each node was last heard of, by the monotonic clock: a corrected wall clock never makes a node look dead. Guarded by the index's
/// gate.
/// </summary>
internal sealed class NodeTable(TimeProvider time, TimeSpan expiry)
{
    private readonly Dictionary<NodeId, long> _lastBeats = [];

    public bool AreMany => _lastBeats.Count > 1;

    /// <summary>A node that claims is known from then on; only a beat shows that it still lives.</summary>
    public void Know(NodeId node) => _lastBeats.TryAdd(node, time.GetTimestamp());

    public void Beat(NodeId node) => _lastBeats[node] = time.GetTimestamp();

    public void Forget(NodeId node) => _lastBeats.Remove(node);

    public List<NodeId> Overdue()
    {
        var overdue = new List<NodeId>();
        foreach (var (node, beat) in _lastBeats)
            if (IsOverdue(beat))
                overdue.Add(node);
        return overdue;
    }

    /// <summary>Known, and heard of within the expiry.</summary>
    public bool Lives(NodeId node) => _lastBeats.TryGetValue(node, out var beat) && !IsOverdue(beat);

    private bool IsOverdue(long beat) => time.GetElapsedTime(beat) > expiry;
}
