using System.Diagnostics.Metrics;
using Webcluster.Delivery.Sources;

namespace Webcluster.Delivery.Availability;

/// <summary>What is counted by source. The label is a configured name, or "system" where none is configured.</summary>
internal sealed class SourceMetrics
{
    private readonly Counter<long> _connects;
    private readonly UpDownCounter<long> _connections;

    public SourceMetrics(IMeterFactory meters, SourceBook book)
    {
        var meter = meters.Create(DeliveryMetrics.MeterName);
        _connects = meter.CreateCounter<long>("webcluster.source.connects", description: "Connections opened or failed, by source.");
        _connections = meter.CreateUpDownCounter<long>("webcluster.source.connections", description: "Open connections, by source.");
        meter.CreateObservableGauge(
            "webcluster.source.usable",
            () => book.All.Select(source => new Measurement<int>(book.TroubleOf(source) is null ? 1 : 0, Label(source))),
            description: "1 where this node can use the source, 0 where it is left out.");
    }

    public void Connected(Source source, bool opened)
    {
        _connects.Add(1, Label(source), new("result", opened ? "opened" : "failed"));
        if (opened) _connections.Add(1, Label(source));
    }

    public void Disconnected(Source source) => _connections.Add(-1, Label(source));

    private static KeyValuePair<string, object?> Label(Source source) => new("source", source.Label);
}
