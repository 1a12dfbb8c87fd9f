using System.Diagnostics;
using System.Diagnostics.Metrics;
using Webcluster.Node.Lifecycle;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace Webcluster.Node.Metrics;

/// <summary>What the process itself costs, under the names that Prometheus' own client libraries use, and which version runs.</summary>
internal sealed class NodeMetrics
{
    public NodeMetrics(IMeterFactory meters, Readiness readiness)
    {
        var meter = meters.Create("Webcluster.Node");
        Tag version = new("version", ProductVersion.Text);
        meter.CreateObservableGauge(
            "webcluster.build.info", () => new Measurement<long>(1, version), description: "The running version; always 1.");
        meter.CreateObservableGauge(
            "webcluster.node.draining", () => readiness.IsDraining ? 1 : 0,
            description: "1 while the node drains or stops: it takes no new work.");
        ObserveProcess(meter);
        ObserveRuntime(meter);
    }

    private static void ObserveProcess(Meter meter)
    {
        meter.CreateObservableGauge("process.resident.memory", () => Environment.WorkingSet, "By", "Resident memory.");
        meter.CreateObservableCounter("process.cpu", () => Environment.CpuUsage.TotalTime.TotalSeconds, "s", "User and system CPU time.");
        meter.CreateObservableGauge("process.start.time", StartTime, "s", "When the process started, in seconds since 1970.");
        meter.CreateObservableGauge("process.open.fds", OpenFileDescriptors, description: "Open file descriptors.");
    }

    private static void ObserveRuntime(Meter meter)
    {
        meter.CreateObservableCounter(
            "dotnet.gc.allocated", () => GC.GetTotalAllocatedBytes(), "By", "Allocated on the managed heap since the start.");
        meter.CreateObservableGauge("dotnet.gc.heap", () => GC.GetTotalMemory(forceFullCollection: false), "By", "Managed heap.");
        meter.CreateObservableCounter(
            "dotnet.gc.pause", () => GC.GetTotalPauseDuration().TotalSeconds, "s", "All threads stood still for the GC.");
        meter.CreateObservableGauge("dotnet.threadpool.threads", () => ThreadPool.ThreadCount, description: "Threads of the pool.");
        meter.CreateObservableGauge(
            "dotnet.threadpool.pending", () => ThreadPool.PendingWorkItemCount, description: "Work waiting for a thread.");
    }

    private static double StartTime()
    {
        using var process = Process.GetCurrentProcess();
        return (process.StartTime.ToUniversalTime() - DateTime.UnixEpoch).TotalSeconds;
    }

    private static long OpenFileDescriptors() => Directory.Exists("/proc/self/fd") ? Directory.EnumerateFiles("/proc/self/fd").Count() : 0;
}
