using System.Buffers;
using System.Text;
using Shouldly;
using Webcluster.Node.EventFiles;
using Webcluster.Node.EventFiles.Formats;
using Webcluster.Node.EventFiles.Writing;
using Webcluster.Queue.Events;
using Xunit;

namespace Webcluster.Node.Tests.EventFiles.Writing;

public sealed class EventFileWriterTests : IDisposable
{
    private readonly FileBench _bench = new();
    private readonly CancellationTokenSource _stopping = new();

    public void Dispose()
    {
        _stopping.Dispose();
        _bench.Dispose();
    }

    [Fact]
    public async Task Offer_WhatTheFileWants_IsWrittenInOrder()
    {
        var writer = Create(file => file with { Tenant = "shop", Kinds = new HashSet<MailEventKind> { MailEventKind.Delivered } });
        var running = writer.RunAsync(_stopping.Token);
        foreach (var (name, tenant, kind) in new[]
                 {
                     ("a", "shop", MailEventKind.Delivered), ("b", "other", MailEventKind.Delivered), ("c", "shop", MailEventKind.Bounced),
                     ("d", "shop", MailEventKind.Delivered), ("e", null, MailEventKind.Delivered),
                 })
            writer.Offer(Event(name) with { Tenant = tenant, Kind = kind });

        await UntilAsync(() => Content == "a\nd\n");
        await StopAsync(running);
        _bench.Metric(Written).ShouldBe("2");
        _bench.Log.ShouldBeQuiet();
    }

    [Fact]
    public async Task Offer_MoreThanThereIsRoomFor_IsDroppedAndCounted()
    {
        var writer = Create();
        for (var i = 0; i < EventFileWriter.Room + 3; i++) writer.Offer(Event("x"));
        _bench.Metric(Dropped("full")).ShouldBe("3");

        var running = writer.RunAsync(_stopping.Token);
        await UntilAsync(() => _bench.Metric(Written) == $"{EventFileWriter.Room}");
        await StopAsync(running);
        _bench.Metric(Dropped("full")).ShouldBe("3");
    }

    [Fact]
    public async Task Run_DiskGone_SaysItOnce_KeepsWhatThereIsRoomFor_AndGoesOn()
    {
        var folder = _bench.PathOf("disk");
        var writer = Create(file => file with { Path = Path.Combine(folder, "events.csv") });
        var running = writer.RunAsync(_stopping.Token);
        writer.Offer(Event("a"));
        await UntilAsync(() => _bench.Log.Entries.Any(entry => entry.Id == 4501));
        _bench.Metric($"webcluster_event_file_failing{{file=\"{folder}/events.csv\"}}").ShouldBe("1");
        for (var i = 0; i < EventFileWriter.Room + 5; i++) writer.Offer(Event("b"));
        for (var i = 0; i < 20; i++)
        {
            _bench.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1);
        }

        Directory.CreateDirectory(folder);
        await UntilAsync(() => _bench.Log.Entries.Any(entry => entry.Id == 4502));
        await UntilAsync(() => File.ReadLines(Path.Combine(folder, "events.csv")).Count() == EventFileWriter.Room + 1);

        File.ReadLines(Path.Combine(folder, "events.csv")).First().ShouldBe("a");
        _bench.Log.Entries.Single(entry => entry.Id == 4502).Text.ShouldEndWith("is written again; 5 events were dropped meanwhile");
        _bench.Log.Entries.Count(entry => entry.Id == 4501).ShouldBe(1);
        _bench.Metric($"webcluster_event_file_failing{{file=\"{folder}/events.csv\"}}").ShouldBe("0");
        await StopAsync(running);
        _bench.Log.ShouldBeQuiet(4501);
    }

    [Fact]
    public async Task Stop_WhatWaits_IsWritten_AndLaterEventsAreCounted()
    {
        var writer = Create();
        var running = writer.RunAsync(_stopping.Token);
        writer.Offer(Event("a"));
        await UntilAsync(() => Content == "a\n", advance: false);
        // The next would wait for its tenth of a second, which does not pass.
        writer.Offer(Event("b"));
        await StopAsync(running);
        Content.ShouldBe("a\nb\n");

        writer.Offer(Event("c"));
        _bench.Metric(Dropped("stopped")).ShouldBe("1");
    }

    [Fact]
    public async Task Stop_DiskGone_EndsAtOnce_AndCountsWhatIsLost()
    {
        var writer = Create(file => file with { Path = "/dev/full" });
        var running = writer.RunAsync(_stopping.Token);
        writer.Offer(Event("a"));
        await UntilAsync(() => _bench.Log.Entries.Any(entry => entry.Id == 4501), advance: false);
        writer.Offer(Event("b"));
        await StopAsync(running);

        _bench.Metric("webcluster_event_file_dropped_total{file=\"/dev/full\",reason=\"stopped\"}").ShouldBe("2");
        _bench.Log.ShouldBeQuiet(4501, 4503);
    }

    private string Content => File.Exists(_bench.Path) ? File.ReadAllText(_bench.Path) : "";

    private string Written => $"webcluster_event_file_written_total{{file=\"{_bench.Path}\"}}";

    private string Dropped(string reason) => $"webcluster_event_file_dropped_total{{file=\"{_bench.Path}\",reason=\"{reason}\"}}";

    private EventFileWriter Create(Func<EventFile, EventFile>? more = null)
    {
        var file = new EventFile(_bench.Path, EventFileFormat.Ecs) { Kinds = Enum.GetValues<MailEventKind>().ToHashSet() };
        return new EventFileWriter(more?.Invoke(file) ?? file, new Names(), _bench.Told, _bench.Clock);
    }

    private static MailEvent Event(string name) => EventFileSamples.Bare(MailEventKind.Delivered) with { Reason = name };

    private async Task StopAsync(Task running)
    {
        await _stopping.CancelAsync();
        await running.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private async Task UntilAsync(Func<bool> condition, bool advance = true)
    {
        for (var since = Environment.TickCount64; !condition(); await Task.Delay(2))
        {
            if (Environment.TickCount64 - since > 30_000) throw new TimeoutException($"did not come about; {string.Join('\n', _bench.Log.Entries)}");
            if (advance) _bench.Clock.Advance(EventFileWriter.Pause);
        }
    }

    /// <summary>Each event is its name.</summary>
    private sealed class Names : IEventFormat
    {
        public ReadOnlyMemory<byte> Head => default;

        public void Append(MailEvent one, IBufferWriter<byte> lines) => lines.Write(Encoding.UTF8.GetBytes(one.Reason + "\n"));
    }
}
