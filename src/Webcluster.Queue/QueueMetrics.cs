using System.Diagnostics;
using System.Diagnostics.Metrics;
using Webcluster.Queue.Embedded.Storage;
using Webcluster.Queue.Status;

namespace Webcluster.Queue;

/// <summary>The instruments of the queue, under the meter "Webcluster.Queue". Label values come from closed sets.</summary>
public sealed class QueueMetrics : IDisposable
{
    public const string MeterName = "Webcluster.Queue";

    private readonly Meter meter;
    private readonly Histogram<double> commitDuration;
    private readonly Histogram<int> commitOperations;
    private readonly Counter<long> enqueued;
    private readonly Counter<long> storeErrors;

    /// <param name="meters">Owns the meter where given; without it this object does.</param>
    public QueueMetrics(IMeterFactory? meters = null)
    {
        meter = meters?.Create(MeterName) ?? new Meter(MeterName);
        commitDuration = meter.CreateHistogram<double>("webcluster.queue.commit.duration", "s", "Time of one durable write to the store.");
        commitOperations = meter.CreateHistogram<int>(
            "webcluster.queue.commit.operations", "{operation}", "Operations that shared one durable write.");
        enqueued = meter.CreateCounter<long>("webcluster.messages.enqueued", "{message}", "Messages that were stored.");
        storeErrors = meter.CreateCounter<long>("webcluster.queue.store_errors", "{error}", "Writes to the store that failed, by kind.");
    }

    public void Dispose() => meter.Dispose();

    /// <summary>Shows the queue's deliveries by state whenever the instruments are read.</summary>
    internal void Observe(Func<QueueCounts> count) => meter.CreateObservableGauge(
        "webcluster.queue.messages",
        () =>
        {
            var counts = count();
            return new Measurement<long>[]
            {
                new(counts.Ready, new KeyValuePair<string, object?>("state", "ready")),
                new(counts.Scheduled, new KeyValuePair<string, object?>("state", "scheduled")),
                new(counts.Claimed, new KeyValuePair<string, object?>("state", "leased")),
            };
        },
        "{delivery}", "Queued deliveries by state.");

    internal static long StartCommit() => Stopwatch.GetTimestamp();

    internal void Committed(long began, int operations)
    {
        commitDuration.Record(Stopwatch.GetElapsedTime(began).TotalSeconds);
        commitOperations.Record(operations);
    }

    internal void Enqueued() => enqueued.Add(1);

    internal void StoreFailed(StoreFaultKind kind) => storeErrors.Add(1, new KeyValuePair<string, object?>("kind", kind switch
    {
        StoreFaultKind.Full => "full",
        StoreFaultKind.InputOutput => "io",
        StoreFaultKind.ReadOnly => "readonly",
        StoreFaultKind.Busy => "busy",
        StoreFaultKind.Corrupt => "corrupt",
        StoreFaultKind.Other => "other",
        _ => throw new UnreachableException(),
    }));
}
