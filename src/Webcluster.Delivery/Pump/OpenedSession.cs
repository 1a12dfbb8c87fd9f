using Webcluster.Delivery.Sources;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Sessions;

namespace Webcluster.Delivery.Pump;

/// <summary>A session as a claim opened it.</summary>
/// <param name="Source">What its connection leaves from; null only where it needs none.</param>
/// <param name="Lease">The node's lease when it asked. A later one gives no right to what was claimed.</param>
internal sealed record OpenedSession(SessionId Id, LaneKey Lane, Source? Source, int Lease);
