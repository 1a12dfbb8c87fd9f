using System.Buffers;
using System.Globalization;
using System.Text;

namespace Webcluster.Node.Metrics;

/// <summary>
/// Writes metrics in Prometheus' text format 0.0.4: families whole and by name, LF only, histograms cumulative up to +Inf.
/// </summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static string EscapeLabel(string value) => value.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n");

    public static void Write(IBufferWriter<byte> output, IEnumerable<Metric> metrics)
    {
        foreach (var metric in metrics.OrderBy(metric => metric.Name, StringComparer.Ordinal))
        {
            var series = metric.SeriesByLabels();
            if (series.Count == 0) continue;
            if (metric.Help.Length > 0) Line(output, $"# HELP {metric.Name} {metric.Help.Replace("\\", "\\\\").ReplaceLineEndings("\\n")}");
            Line(output, $"# TYPE {metric.Name} {TypeOf(metric.Kind)}");
            foreach (var one in series) Write(output, metric.Name, one);
        }
    }

    private static void Write(IBufferWriter<byte> output, string name, Series series)
    {
        var braced = series.Labels.Length == 0 ? "" : $"{{{series.Labels}}}";
        switch (series)
        {
            case NumberSeries number:
                Line(output, $"{name}{braced} {Number(number.Value)}");
                break;
            case HistogramSeries histogram:
                var counts = histogram.Cumulative();
                var before = series.Labels.Length == 0 ? "" : series.Labels + ",";
                for (var i = 0; i < counts.Length; i++)
                {
                    var bound = i < histogram.Bounds.Length ? Number(histogram.Bounds[i]) : "+Inf";
                    Line(output, $"{name}_bucket{{{before}le=\"{bound}\"}} {counts[i].ToString(CultureInfo.InvariantCulture)}");
                }
                Line(output, $"{name}_sum{braced} {Number(histogram.Sum)}");
                Line(output, $"{name}_count{braced} {counts[^1].ToString(CultureInfo.InvariantCulture)}");
                break;
        }
    }

    private static string TypeOf(MetricKind kind) => kind switch
    {
        MetricKind.Counter => "counter",
        MetricKind.Gauge => "gauge",
        MetricKind.Histogram => "histogram",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    private static void Line(IBufferWriter<byte> output, string text)
    {
        Encoding.UTF8.GetBytes(text, output);
        output.Write("\n"u8);
    }
}
