using Webcluster.Queue.Embedded.Traffic;
using Webcluster.Queue.Sessions;

namespace Webcluster.Queue.Embedded.Indexing;

/// <summary>An open session and what it holds.</summary>
internal sealed class Session(SessionId id, NodeId node, Lane lane, SourceTraffic source)
{
    public SessionId Id { get; } = id;

    public NodeId Node { get; } = node;

    public Lane Lane { get; } = lane;

    /// <summary>Where it leaves from.</summary>
    public SourceTraffic Source { get; } = source;

    /// <summary>How many deliveries it was ever given.</summary>
    public int Granted { get; set; }

    /// <summary>Released or reaped: what it still had in the writer's hands does not come back to it.</summary>
    public bool Closed { get; set; }

    /// <summary>It asked for more when nothing was due: its connection is open and has nothing to do.</summary>
    public bool IsIdle { get; private set; }

    /// <summary>Held and not settling.</summary>
    public HashSet<Delivery> Held { get; } = [];

    /// <returns>Whether that was a change.</returns>
    public bool SetIdle(bool idle)
    {
        if (IsIdle == idle)
            return false;
        IsIdle = idle;
        Lane.IdleSessions += idle ? 1 : -1;
        Lane.Site.IdleSessions += idle ? 1 : -1;
        return true;
    }
}
