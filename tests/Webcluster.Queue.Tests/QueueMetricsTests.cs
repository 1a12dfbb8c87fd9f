using System.Diagnostics.Metrics;
using Shouldly;
using Webcluster.Queue.Embedded.Storage;
using Webcluster.Queue.Status;
using Xunit;

namespace Webcluster.Queue.Tests;

public sealed class QueueMetricsTests
{
    [Fact]
    public void Instruments_WhatHappened_IsRecordedUnderItsName()
    {
        var seen = new List<string>();
        using var meters = new OwnMeters();
        using var metrics = new QueueMetrics(meters);
        metrics.Observe(() => new QueueCounts(9, 1, 2, 3, 0, 0, 0, null));
        using var listener = new MeterListener { InstrumentPublished = (instrument, own) => Listen(meters, instrument, own) };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => seen.Add(Line(instrument, value, tags)));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => seen.Add(Line(instrument, value, tags)));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => seen.Add(Line(instrument, value >= 0, tags)));
        listener.Start();

        metrics.Enqueued();
        metrics.Committed(QueueMetrics.StartCommit(), 7);
        metrics.StoreFailed(StoreFaultKind.InputOutput);
        listener.RecordObservableInstruments();

        seen.ShouldBe([
            "webcluster.messages.enqueued 1", "webcluster.queue.commit.duration True", "webcluster.queue.commit.operations 7",
            "webcluster.queue.store_errors 1 kind=io", "webcluster.queue.messages 1 state=ready",
            "webcluster.queue.messages 2 state=scheduled", "webcluster.queue.messages 3 state=leased",
        ]);
    }

    [Fact]
    public void StoreFailed_EveryKind_HasItsOwnLabel()
    {
        var labels = new HashSet<string>();
        using var meters = new OwnMeters();
        using var metrics = new QueueMetrics(meters);
        using var listener = new MeterListener { InstrumentPublished = (instrument, own) => Listen(meters, instrument, own) };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => labels.Add(Line(instrument, value, tags)));
        listener.Start();

        foreach (var kind in Enum.GetValues<StoreFaultKind>())
            metrics.StoreFailed(kind);

        labels.Count.ShouldBe(Enum.GetValues<StoreFaultKind>().Length);
    }

    private static void Listen(OwnMeters meters, Instrument instrument, MeterListener listener)
    {
        if (instrument.Meter == meters.Meter)
            listener.EnableMeasurementEvents(instrument);
    }

    private static string Line<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var line = $"{instrument.Name} {value}";
        foreach (var (name, tag) in tags)
            line += $" {name}={tag}";
        return line;
    }

    private sealed class OwnMeters : IMeterFactory
    {
        public Meter? Meter { get; private set; }

        public Meter Create(MeterOptions options) => Meter = new Meter(options);

        public void Dispose() => Meter?.Dispose();
    }
}
