using System.Diagnostics.Metrics;

namespace Webcluster.Node.Metrics;

internal enum MetricKind { Counter, Gauge, Histogram }

/// <summary>How an instrument's measurements are kept.</summary>
/// <param name="IsSet">A measurement is the value, not what to add to it.</param>
/// <param name="IsObserved">Measured when read; series that are not measured then are gone.</param>
internal readonly record struct InstrumentShape(MetricKind Kind, bool IsSet, bool IsObserved)
{
    /// <summary>Null where the type is none that the runtime has today.</summary>
    public static InstrumentShape? Of(Instrument instrument)
    {
        var type = instrument.GetType();
        if (!type.IsGenericType) return null;
        var open = type.GetGenericTypeDefinition();
        if (open == typeof(Counter<>)) return new(MetricKind.Counter, IsSet: false, IsObserved: false);
        if (open == typeof(UpDownCounter<>)) return new(MetricKind.Gauge, IsSet: false, IsObserved: false);
        if (open == typeof(Gauge<>)) return new(MetricKind.Gauge, IsSet: true, IsObserved: false);
        if (open == typeof(Histogram<>)) return new(MetricKind.Histogram, IsSet: false, IsObserved: false);
        if (open == typeof(ObservableCounter<>)) return new(MetricKind.Counter, IsSet: true, IsObserved: true);
        if (open == typeof(ObservableUpDownCounter<>)) return new(MetricKind.Gauge, IsSet: true, IsObserved: true);
        if (open == typeof(ObservableGauge<>)) return new(MetricKind.Gauge, IsSet: true, IsObserved: true);
        return null;
    }
}
