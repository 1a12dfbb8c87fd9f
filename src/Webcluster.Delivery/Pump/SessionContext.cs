using Webcluster.Delivery.Sources;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Sessions;

namespace Webcluster.Delivery.Pump;

/// <summary>What a session is for, and how it comes to an end ahead of time.</summary>
/// <param name="Source">What its connection leaves from; null only where it needs none.</param>
/// <param name="Drain">Soon: what is past DATA is finished, the rest goes back.</param>
/// <param name="Abandon">Now.</param>
internal sealed record SessionContext(SessionId Id, LaneKey Lane, Source? Source, CancellationToken Drain, CancellationToken Abandon);
