using System.Buffers;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Shouldly;
using Webcluster.Node.Lifecycle;
using Webcluster.Node.Metrics;
using Webcluster.TestKit.Logging;
using Xunit;

namespace Webcluster.Node.Tests.Metrics;

public sealed class MetricsCollectorTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly TestLog _log = new();
    private readonly MetricsCollector _collector;
    private readonly Meter _meter;

    public MetricsCollectorTests()
    {
        var meters = _services.GetRequiredService<IMeterFactory>();
        _collector = new MetricsCollector(meters, new Logger<MetricsCollector>(_log));
        _meter = meters.Create("Webcluster.Test");
    }

    public void Dispose()
    {
        _collector.Dispose();
        _services.Dispose();
        _log.Dispose();
    }

    [Fact]
    public void Write_EveryKindOfInstrument_IsExactText()
    {
        var counter = _meter.CreateCounter<long>("webcluster.mails", description: "Mails, by \\ and\nresult.");
        counter.Add(2, new("result", "sent"), new("code", 250));
        counter.Add(1, new("code", 250), new("result", "sent"));
        counter.Add(4, new("result", "a\"b\\c\nd"), new("code", null));
        _meter.CreateCounter<double>("webcluster.cpu", "s").Add(1.5);
        var open = _meter.CreateUpDownCounter<int>("webcluster.open");
        open.Add(5);
        open.Add(-2);
        _meter.CreateGauge<double>("webcluster.level").Record(double.PositiveInfinity);
        var duration = _meter.CreateHistogram(
            "webcluster.wait", "s", "How long.", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1, 2.5] });
        foreach (var value in new[] { 0.1, 0.05, 1.1, 9 }) duration.Record(value, new KeyValuePair<string, object?>("up", true));
        _meter.CreateObservableGauge(
            "webcluster.seen", () => new[] { new Measurement<long>(7, new KeyValuePair<string, object?>("state", "ready")) });

        Write().ShouldBe("""
            # TYPE webcluster_cpu_seconds_total counter
            webcluster_cpu_seconds_total 1.5
            # TYPE webcluster_level gauge
            webcluster_level +Inf
            # HELP webcluster_mails_total Mails, by \\ and\nresult.
            # TYPE webcluster_mails_total counter
            webcluster_mails_total{code="",result="a\"b\\c\nd"} 4
            webcluster_mails_total{code="250",result="sent"} 3
            # TYPE webcluster_open gauge
            webcluster_open 3
            # TYPE webcluster_seen gauge
            webcluster_seen{state="ready"} 7
            # HELP webcluster_wait_seconds How long.
            # TYPE webcluster_wait_seconds histogram
            webcluster_wait_seconds_bucket{up="true",le="0.1"} 2
            webcluster_wait_seconds_bucket{up="true",le="1"} 2
            webcluster_wait_seconds_bucket{up="true",le="2.5"} 3
            webcluster_wait_seconds_bucket{up="true",le="+Inf"} 4
            webcluster_wait_seconds_sum{up="true"} 10.25
            webcluster_wait_seconds_count{up="true"} 4

            """);
    }

    [Fact]
    public void Write_ObservedSeriesThatIsGone_IsNotWritten()
    {
        var states = new List<Measurement<int>> { new(1, new KeyValuePair<string, object?>("state", "old")) };
        _meter.CreateObservableGauge("webcluster.states", () => states);
        Write().ShouldContain("webcluster_states{state=\"old\"} 1\n");
        states[0] = new(2, new KeyValuePair<string, object?>("state", "new"));
        Write().ShouldBe("# TYPE webcluster_states gauge\nwebcluster_states{state=\"new\"} 2\n");
    }

    [Fact]
    public void Write_ObservationThatThrows_LeavesTheOthers()
    {
        _meter.CreateObservableGauge("webcluster.bad", () => Fail());
        _meter.CreateObservableGauge("webcluster.good", () => 1);
        Write().ShouldContain("webcluster_good 1\n");
    }

    [Fact]
    public void Write_TooManySeries_CountsTheRestAsOverflow()
    {
        var counter = _meter.CreateCounter<long>("webcluster.many");
        for (var i = 0; i < Metric.MaxSeries + 10; i++) counter.Add(1, new KeyValuePair<string, object?>("i", i));
        counter.Add(1, new KeyValuePair<string, object?>("i", 0));
        var lines = Write().Split('\n');
        lines.Count(line => line.StartsWith("webcluster_many", StringComparison.Ordinal)).ShouldBe(Metric.MaxSeries + 1);
        lines.ShouldContain("webcluster_many_total{overflow=\"true\"} 10");
        lines.ShouldContain("webcluster_many_total{i=\"0\"} 2");
    }

    [Fact]
    public void Write_ThousandSources_EachHasItsSeries()
    {
        var connects = _meter.CreateCounter<long>("webcluster.connects");
        for (var i = 0; i < 2000; i++)
            connects.Add(1, new("source", $"s{i / 2}"), new("result", i % 2 == 0 ? "opened" : "failed"));
        var lines = Write().Split('\n');
        lines.Count(line => line.StartsWith("webcluster_connects_total{", StringComparison.Ordinal)).ShouldBe(2000);
        lines.ShouldNotContain(line => line.Contains("overflow"));
        _log.ShouldBeQuiet();
    }

    [Fact]
    public void Write_Overflow_IsLoggedOnce()
    {
        var counter = _meter.CreateCounter<long>("webcluster.many");
        _meter.CreateObservableGauge(
            "webcluster.much", () => Enumerable.Range(0, Metric.MaxSeries + 2).Select(i => new Measurement<int>(1, new KeyValuePair<string, object?>("i", i))));
        for (var i = 0; i < Metric.MaxSeries + 10; i++) counter.Add(1, new KeyValuePair<string, object?>("i", i));
        Write();
        Write();
        _log.Entries.Where(entry => entry.Id == 4002).Select(entry => entry.Text.Split(' ')[1])
            .ShouldBe(["webcluster_many_total", "webcluster_much"]);
    }

    [Fact]
    public void Write_SameNameFromTwoMeters_IsOneFamily()
    {
        _meter.CreateCounter<long>("webcluster.shared").Add(1);
        _services.GetRequiredService<IMeterFactory>().Create("Webcluster.Other").CreateCounter<long>("webcluster.shared").Add(2);
        Write().ShouldBe("# TYPE webcluster_shared_total counter\nwebcluster_shared_total 3\n");
    }

    [Fact]
    public void Write_OtherMetersAndOtherHosts_AreLeftOut()
    {
        using var foreign = new Meter("System.Something");
        foreign.CreateCounter<long>("foreign").Add(1);
        using var otherHost = new ServiceCollection().AddMetrics().BuildServiceProvider();
        otherHost.GetRequiredService<IMeterFactory>().Create("Webcluster.Test").CreateCounter<long>("webcluster.elsewhere").Add(1);
        Write().ShouldBeEmpty();
    }

    [Fact]
    public void Record_KnownTags_AllocatesNothing()
    {
        var counter = _meter.CreateCounter<long>("webcluster.hot");
        var histogram = _meter.CreateHistogram<double>("webcluster.hot.time", "s");
        void Record()
        {
            counter.Add(1, new("result", "sent"), new("pool", "default"));
            histogram.Record(0.5, new KeyValuePair<string, object?>("provider", "other"));
        }
        long Allocated()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1000; i++) Record();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
        // Code that is not optimised yet boxes; the runtime replaces it when it finds the time.
        for (var tries = 0; Allocated() > 0 && tries < 500; tries++) Thread.Sleep(10);
        Allocated().ShouldBe(0);
    }

    [Fact]
    public void Record_ManyThreads_LosesNothing()
    {
        var counter = _meter.CreateCounter<long>("webcluster.count");
        var histogram = _meter.CreateHistogram<double>("webcluster.sum");
        Parallel.For(0, 8, worker =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                counter.Add(1, new KeyValuePair<string, object?>("worker", worker % 2));
                histogram.Record(0.5);
            }
        });
        var text = Write();
        text.ShouldContain("webcluster_count_total{worker=\"0\"} 40000\nwebcluster_count_total{worker=\"1\"} 40000\n");
        text.ShouldContain("webcluster_sum_sum 40000\nwebcluster_sum_count 80000\n");
    }

    [PromtoolFact]
    public void Write_AllOfTheNode_PassesPromtool()
    {
        _ = new NodeMetrics(_services.GetRequiredService<IMeterFactory>(), new Readiness(TimeProvider.System));
        var text = Write();
        text.ShouldContain("webcluster_build_info{version=\"");
        text.ShouldContain("\nprocess_resident_memory_bytes ");
        text.ShouldContain("\nprocess_cpu_seconds_total ");
        Promtool(text).ShouldBeEmpty();
    }

    private string Write()
    {
        var output = new ArrayBufferWriter<byte>();
        _collector.Write(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static int Fail() => throw new InvalidOperationException("no");

    private static string Promtool(string text)
    {
        var start = new ProcessStartInfo("promtool", ["check", "metrics"])
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Write(text);
        process.StandardInput.Close();
        return process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
    }
}

[AttributeUsage(AttributeTargets.Method)]
internal sealed class PromtoolFactAttribute : FactAttribute
{
    public PromtoolFactAttribute()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        Skip = folders.Any(folder => File.Exists(Path.Combine(folder, "promtool"))) ? null : "promtool is not installed";
    }
}
