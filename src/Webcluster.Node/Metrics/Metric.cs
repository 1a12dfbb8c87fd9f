using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace Webcluster.Node.Metrics;

/// <summary>
/// One metric with its series. A known set of tags is found without allocation or lock. The number of series is bounded: what comes
/// after the last free place is counted in one series labelled overflow="true", so nothing a peer sends can fill the memory.
/// </summary>
internal sealed class Metric
{
    // Labels are what the configuration names: a thousand sources, or the providers and routes times pools times outcomes.
    public const int MaxSeries = 10_000;

    private const string OverflowLabels = "overflow=\"true\"";

    private readonly InstrumentShape _shape;
    private readonly double[] _bounds;
    private readonly ConcurrentDictionary<Tag[], Series> _byTags = new(new TagSetComparer());
    private readonly ConcurrentDictionary<Tag[], Series>.AlternateLookup<ReadOnlySpan<Tag>> _lookup;
    private readonly Dictionary<string, Series> _byLabels = new(StringComparer.Ordinal);
    private readonly Lock _growing = new();
    private readonly Action<string> _overflowed;
    private volatile Series? _overflow;
    private bool _hasOverflowed;

    /// <param name="overflowed">Told the metric's name when a series has no place, the first time.</param>
    public Metric(string name, Instrument instrument, InstrumentShape shape, Action<string> overflowed)
    {
        _overflowed = overflowed;
        Name = name;
        Help = instrument.Description ?? "";
        _shape = shape;
        _bounds = shape.Kind == MetricKind.Histogram ? HistogramBuckets.For(instrument) : [];
        _lookup = _byTags.GetAlternateLookup<ReadOnlySpan<Tag>>();
    }

    public string Name { get; }

    public string Help { get; }

    public MetricKind Kind => _shape.Kind;

    /// <summary>A snapshot in the order of their labels.</summary>
    public IReadOnlyList<Series> SeriesByLabels()
    {
        lock (_growing) return [.. _byLabels.Values.OrderBy(series => series.Labels, StringComparer.Ordinal)];
    }

    public void Record(long value, ReadOnlySpan<Tag> tags)
    {
        if (!_shape.IsSet && Find(tags) is NumberSeries number) number.Add(value);
        else Record((double)value, tags);
    }

    public void Record(double value, ReadOnlySpan<Tag> tags)
    {
        if (double.IsNaN(value)) return;
        switch (Find(tags))
        {
            case HistogramSeries histogram: histogram.Record(value); break;
            case NumberSeries number when _shape.IsSet: number.Set(value); break;
            case NumberSeries number: number.Add(value); break;
        }
    }

    /// <summary>Observed series live from one reading to the next.</summary>
    public void ForgetObserved()
    {
        if (!_shape.IsObserved) return;
        lock (_growing)
        {
            _byTags.Clear();
            _byLabels.Clear();
            _overflow = null;
        }
    }

    private Series Find(ReadOnlySpan<Tag> tags) => _lookup.TryGetValue(tags, out var series) ? series : _overflow ?? Grow(tags);

    private Series Grow(ReadOnlySpan<Tag> tags)
    {
        lock (_growing)
        {
            if (_lookup.TryGetValue(tags, out var series)) return series;
            if (_byTags.Count >= MaxSeries) return _overflow = Overflow();
            series = SeriesOf(LabelsOf(tags));
            _byTags[tags.ToArray()] = series;
            return series;
        }
    }

    private Series Overflow()
    {
        if (!_hasOverflowed) _overflowed(Name);
        _hasOverflowed = true;
        return SeriesOf(OverflowLabels);
    }

    /// <summary>The same tags in another order are the same series.</summary>
    private Series SeriesOf(string labels)
    {
        if (_byLabels.TryGetValue(labels, out var series)) return series;
        series = _shape.Kind == MetricKind.Histogram ? new HistogramSeries(labels, _bounds) : new NumberSeries(labels);
        _byLabels.Add(labels, series);
        return series;
    }

    private static string LabelsOf(ReadOnlySpan<Tag> tags)
    {
        var pairs = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in tags)
            pairs[MetricNames.Label(key)] = PrometheusText.EscapeLabel(TextOf(value));
        return string.Join(',', pairs.Select(pair => $"{pair.Key}=\"{pair.Value}\""));
    }

    private static string TextOf(object? value) => value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
