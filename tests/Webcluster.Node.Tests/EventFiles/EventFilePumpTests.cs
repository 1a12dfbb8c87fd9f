using Shouldly;
using Webcluster.Node.EventFiles;
using Webcluster.Node.EventFiles.Formats;
using Webcluster.Node.EventFiles.Writing;
using Webcluster.Node.Tests.EventFiles.Writing;
using Webcluster.Queue.Events;
using Xunit;

namespace Webcluster.Node.Tests.EventFiles;

public sealed class EventFilePumpTests : IDisposable
{
    private readonly FileBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Stop_WhenTheTimeToStopIsOver_WritesTheLastEventsOfAllFiles()
    {
        var files = new EventFileListener([Create("one.json"), Create("two.json"), Create("full", "/dev/full")]);
        using var pump = new EventFilePump(files, TimeProvider.System);
        await pump.StartAsync(CancellationToken.None);

        files.Happened([EventFileSamples.Bare(MailEventKind.Delivered)]);
        for (var tries = 0; _bench.Log.Entries.Count == 0 || !File.Exists(_bench.PathOf("two.json")); tries++)
        {
            tries.ShouldBeLessThan(3000);
            await Task.Delay(5);
        }

        files.Happened([EventFileSamples.Bounced, EventFileSamples.Accepted]);
        await pump.StopAsync(new CancellationToken(canceled: true));

        foreach (var name in new[] { "one.json", "two.json" }) File.ReadAllLines(_bench.PathOf(name)).Length.ShouldBe(3, name);
        _bench.Metric("webcluster_event_file_dropped_total{file=\"/dev/full\",reason=\"stopped\"}").ShouldBe("3");
        _bench.Log.ShouldBeQuiet(4501, 4503);
    }

    private EventFileWriter Create(string name, string? path = null)
    {
        var file = new EventFile(path ?? _bench.PathOf(name), EventFileFormat.Ecs) { Kinds = Enum.GetValues<MailEventKind>().ToHashSet() };
        var format = EventFormats.Create(file.Format, new EventOrigin("mta1.example", EventFileSamples.Sources));
        return new EventFileWriter(file, format, _bench.Told, TimeProvider.System);
    }
}
