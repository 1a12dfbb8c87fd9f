using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Webcluster.Node.Metrics;

/// <summary>Listens to the instruments of this product's meters from its construction on, and writes what they said.</summary>
internal sealed partial class MetricsCollector : IDisposable
{
    private const string MeterPrefix = "Webcluster";

    private readonly ConcurrentDictionary<string, Metric> _metrics = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();
    private readonly Lock _reading = new();
    private readonly IMeterFactory _meters;
    private readonly ILogger<MetricsCollector> _log;

    /// <param name="meters">Meters that another factory made belong to another host in this process and are passed over.</param>
    public MetricsCollector(IMeterFactory meters, ILogger<MetricsCollector> log)
    {
        _meters = meters;
        _log = log;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (Admit(instrument) is { } metric) listener.EnableMeasurementEvents(instrument, metric);
        };
        _listener.SetMeasurementEventCallback<byte>((_, value, tags, metric) => ((Metric)metric!).Record((long)value, tags));
        _listener.SetMeasurementEventCallback<short>((_, value, tags, metric) => ((Metric)metric!).Record((long)value, tags));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, metric) => ((Metric)metric!).Record((long)value, tags));
        _listener.SetMeasurementEventCallback<long>((_, value, tags, metric) => ((Metric)metric!).Record(value, tags));
        _listener.SetMeasurementEventCallback<float>((_, value, tags, metric) => ((Metric)metric!).Record((double)value, tags));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, metric) => ((Metric)metric!).Record(value, tags));
        _listener.SetMeasurementEventCallback<decimal>((_, value, tags, metric) => ((Metric)metric!).Record((double)value, tags));
        _listener.Start();
    }

    /// <summary>Asks the observed instruments and writes everything. One reading at a time.</summary>
    public void Write(IBufferWriter<byte> output)
    {
        lock (_reading)
        {
            foreach (var metric in _metrics.Values) metric.ForgetObserved();
            try
            {
                _listener.RecordObservableInstruments();
            }
            catch (AggregateException error)
            {
                // The other instruments were asked all the same; a scrape with a gap is worth more than none.
                LogUnobserved(error);
            }
            PrometheusText.Write(output, _metrics.Values);
        }
    }

    public void Dispose() => _listener.Dispose();

    /// <summary>
    /// The metric that an instrument adds to; null where it is not ours, or its name is taken by a metric of another kind.
    /// </summary>
    private Metric? Admit(Instrument instrument)
    {
        if (!instrument.Meter.Name.StartsWith(MeterPrefix, StringComparison.Ordinal)) return null;
        if (instrument.Meter.Scope is { } scope && !ReferenceEquals(scope, _meters)) return null;
        if (InstrumentShape.Of(instrument) is not { } shape) return null;
        var name = MetricNames.Of(instrument.Name, instrument.Unit, shape.Kind);
        var metric = _metrics.GetOrAdd(name, _ => new Metric(name, instrument, shape, LogOverflow));
        return metric.Kind == shape.Kind ? metric : null;
    }

    [LoggerMessage(4001, LogLevel.Warning, "metrics: an instrument could not be read")]
    private partial void LogUnobserved(Exception error);

    [LoggerMessage(4002, LogLevel.Warning,
        "metrics: {Metric} has too many series; what is new is in the one labelled overflow=\"true\" from now on")]
    private partial void LogOverflow(string metric);
}
