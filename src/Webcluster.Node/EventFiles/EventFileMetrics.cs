using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace Webcluster.Node.EventFiles;

/// <summary>Why an event is not in a file.</summary>
internal enum EventDrop
{
    /// <summary>The file was not written fast enough, or not at all, and as many waited as may.</summary>
    Full,

    /// <summary>The node stopped first.</summary>
    Stopped,
}

/// <summary>What event files count. Files are those of the configuration.</summary>
internal sealed class EventFileMetrics
{
    private readonly ConcurrentDictionary<string, bool> _failing = new(StringComparer.Ordinal);
    private readonly Counter<long> _written;
    private readonly Counter<long> _dropped;

    public EventFileMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Webcluster.EventFiles");
        _written = meter.CreateCounter<long>("webcluster.event_file.written", description: "Events written into the file.");
        _dropped = meter.CreateCounter<long>("webcluster.event_file.dropped", description: "Events that are not in the file, by why.");
        meter.CreateObservableGauge(
            "webcluster.event_file.failing", () => _failing.Select(pair => new Measurement<int>(pair.Value ? 1 : 0, File(pair.Key))),
            description: "1: the file cannot be written.");
    }

    public void Fails(string file, bool isFailing) => _failing[file] = isFailing;

    public void Written(string file, int events) => _written.Add(events, File(file));

    public void Dropped(string file, EventDrop why, int events) => _dropped.Add(events, File(file), new Tag("reason", why switch
    {
        EventDrop.Full => "full",
        EventDrop.Stopped => "stopped",
        _ => throw new ArgumentOutOfRangeException(nameof(why)),
    }));

    private static Tag File(string path) => new("file", path);
}
