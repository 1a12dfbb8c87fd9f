using System.Buffers;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Webcluster.Node.EventFiles;
using Webcluster.Node.EventFiles.Writing;
using Webcluster.Node.Metrics;
using Webcluster.TestKit.Logging;
using Webcluster.TestKit.Metrics;
using Webcluster.TestKit.Time;

namespace Webcluster.Node.Tests.EventFiles.Writing;

/// <summary>A real file in a folder of its own, with a clock of the test.</summary>
internal sealed class FileBench : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestMeters _meters = new();
    private readonly MetricsCollector _collector;

    public FileBench()
    {
        _collector = new MetricsCollector(_meters, NullLogger<MetricsCollector>.Instance);
        Told = new EventFileLog(Log.CreateLogger<EventFileLog>(), new EventFileMetrics(_meters));
    }

    public string Path => PathOf("events.csv");

    public ManualClock Clock { get; } = new();

    public TestLog Log { get; } = new();

    public EventFileLog Told { get; }

    public IEnumerable<string> Files => Directory.GetFiles(_folder.Path).Select(file => System.IO.Path.GetFileName(file)).Order(StringComparer.Ordinal);

    public string PathOf(string name) => System.IO.Path.Combine(_folder.Path, name);

    public RollingFile Open(Func<EventFile, EventFile>? more = null, string head = "head\n", string? path = null)
    {
        var file = new EventFile(path ?? Path, EventFileFormat.Ecs);
        return new RollingFile(more?.Invoke(file) ?? file, Encoding.UTF8.GetBytes(head), Told, Clock);
    }

    /// <summary>The value of one series; 0 where there is none.</summary>
    public string Metric(string series)
    {
        var text = new ArrayBufferWriter<byte>();
        _collector.Write(text);
        return Encoding.UTF8.GetString(text.WrittenSpan).Split('\n').FirstOrDefault(line => line.StartsWith(series + " ", StringComparison.Ordinal))?.Split(' ')[1] ?? "0";
    }

    public void Dispose()
    {
        _collector.Dispose();
        _meters.Dispose();
        _folder.Dispose();
    }
}
