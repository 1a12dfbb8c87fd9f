using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;

namespace Webcluster.Queue.Embedded.Storage;

/// <summary>What the index keeps of a stored delivery. Times are UTC ticks.</summary>
internal readonly record struct DeliveryRow(
    long Row, long MessageRow, DeliveryId Id, LaneKey Lane, FlowKey Flow, long Due, int Attempts, bool MayHaveBeenSent,
    long AcceptedAt, long ExpiresAt, int ContentOctets);
