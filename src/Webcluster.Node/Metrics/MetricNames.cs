using System.Text;

namespace Webcluster.Node.Metrics;

/// <summary>
/// What an instrument is called in Prometheus: "webcluster.queue.commit.duration" in "s" is webcluster_queue_commit_duration_seconds. Units
/// in braces name what is counted and are no unit; counters end in _total; a gauge without a dimension is a ratio.
/// </summary>
internal static class MetricNames
{
    public static string Of(string instrument, string? unit, MetricKind kind)
    {
        var name = new StringBuilder(instrument.Length + 16);
        foreach (var c in instrument) name.Append(char.IsAsciiLetterOrDigit(c) || c == ':' ? c : '_');
        if (char.IsAsciiDigit(name[0])) name.Insert(0, '_');
        AppendOnce(name, UnitSuffix(unit, kind));
        if (kind == MetricKind.Counter) AppendOnce(name, "_total");
        return name.ToString();
    }

    public static string Label(string tag) => string.Create(tag.Length, tag, (span, source) =>
    {
        for (var i = 0; i < span.Length; i++)
            span[i] = char.IsAsciiLetter(source[i]) || (i > 0 && char.IsAsciiDigit(source[i])) ? source[i] : '_';
    });

    private static string UnitSuffix(string? unit, MetricKind kind) => unit switch
    {
        null or "" => "",
        _ when unit.StartsWith('{') => "",
        "s" => "_seconds",
        "ms" => "_milliseconds",
        "By" => "_bytes",
        "1" => kind == MetricKind.Gauge ? "_ratio" : "",
        _ => "_" + Label(unit),
    };

    private static void AppendOnce(StringBuilder name, string suffix)
    {
        if (!name.ToString().EndsWith(suffix, StringComparison.Ordinal)) name.Append(suffix);
    }
}
