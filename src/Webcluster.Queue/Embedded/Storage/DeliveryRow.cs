using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;

namespace Webcluster.Queue.Embedded.Storage;

/// <summary>What the index keeps of a stored delivery. Times are UTC ticks.</summary>
/// <param name="Domains">Its recipients', each once.</param>
/// <param name="Bounce">Why it is to fail without an attempt; null: it is not.</param>
internal readonly record struct DeliveryRow(
    long Row, long MessageRow, DeliveryId Id, LaneKey Lane, FlowKey Flow, long Due, int Attempts, bool MayHaveBeenSent,
    long AcceptedAt, long ExpiresAt, int ContentOctets, string[] Domains, string[] Tags, string? Bounce = null);
