namespace Webcluster.Delivery.Pump;

/// <summary>Who is told of outcomes on this node.</summary>
internal sealed record Witnesses(DeliveryMetrics Metrics, DeliveryLog Log);
