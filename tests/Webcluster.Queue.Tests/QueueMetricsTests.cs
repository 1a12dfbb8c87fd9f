using System.Diagnostics.Metrics;
using Shouldly;
using Webcluster.Queue.Embedded.Storage;
using Webcluster.Queue.Redis.Connection;
using Webcluster.Queue.Redis.Durability;
using Webcluster.Queue.Rules;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Status;
using Webcluster.Queue.Traffic;
using Webcluster.TestKit.Metrics;
using Xunit;

namespace Webcluster.Queue.Tests;

public sealed class QueueMetricsTests
{
    [Fact]
    public void Instruments_WhatHappened_IsRecordedUnderItsName()
    {
        using var meters = new TestMeters();
        using var metrics = new QueueMetrics(meters);
        metrics.Observe(() => new QueueCounts(9, 1, 2, 3, 0, 0, 0, null, 4));
        metrics.Observe(() => [Rule(RuleAction.Hold), Rule(RuleAction.Hold), Rule(RuleAction.Bounce), Rule(RuleAction.Drop) with { IsRunning = false }]);
        using var seen = new Recorder(meters);

        metrics.Enqueued();
        metrics.Committed(QueueMetrics.StartCommit(), 7);
        metrics.StoreFailed(StoreFaultKind.InputOutput);
        metrics.RuleDone(RuleAction.Drop, 5);
        metrics.ClaimRefused(WaitReason.RateLimit);
        metrics.Adjusted(new Adjustment.SlowDown());
        metrics.WarmupSet();
        seen.Look();

        seen.Lines.ShouldBe([
            "webcluster.messages.enqueued 1", "webcluster.queue.commit.duration True", "webcluster.queue.commit.operations 7",
            "webcluster.queue.store_errors 1 kind=io", "webcluster.queue.rule_deliveries 5 action=drop",
            "webcluster.queue.claims_refused 1 reason=rate_limit", "webcluster.queue.adjustments 1 kind=slow_down",
            "webcluster.queue.warmups_set 1", "webcluster.queue.messages 1 state=ready",
            "webcluster.queue.messages 2 state=scheduled", "webcluster.queue.messages 3 state=leased", "webcluster.queue.messages 4 state=held",
            "webcluster.queue.rules 2 action=hold", "webcluster.queue.rules 1 action=bounce",
        ]);
    }

    [Fact]
    public void StoreFailedAndRuleDone_EveryKind_HasItsOwnLabel()
    {
        using var meters = new TestMeters();
        using var metrics = new QueueMetrics(meters);
        using var seen = new Recorder(meters);

        foreach (var kind in Enum.GetValues<StoreFaultKind>())
            metrics.StoreFailed(kind);
        foreach (var action in Enum.GetValues<RuleAction>())
            metrics.RuleDone(action, 1);

        seen.Lines.Distinct().Count().ShouldBe(Enum.GetValues<StoreFaultKind>().Length + Enum.GetValues<RuleAction>().Length);
    }

    [Fact]
    public void ClaimRefusedAndAdjusted_EveryKind_HasItsOwnLabel()
    {
        using var meters = new TestMeters();
        using var metrics = new QueueMetrics(meters);
        using var seen = new Recorder(meters);
        Adjustment[] adjustments =
            [new Adjustment.SlowDown(), new Adjustment.FewerConnections(), new Adjustment.MessagesPerConnection(1), new Adjustment.Suspend(default)];

        foreach (var reason in Enum.GetValues<WaitReason>())
            metrics.ClaimRefused(reason);
        foreach (var adjustment in adjustments)
            metrics.Adjusted(adjustment);

        seen.Lines.Distinct().Count().ShouldBe(Enum.GetValues<WaitReason>().Length + adjustments.Length);
    }

    [Fact]
    public void RedisTrouble_EveryKind_HasItsOwnLabel()
    {
        using var meters = new TestMeters();
        using var metrics = new QueueMetrics(meters);
        using var seen = new Recorder(meters);

        foreach (var kind in Enum.GetValues<RedisTroubleKind>())
            metrics.RedisTrouble(kind);

        seen.Lines.Distinct().Count().ShouldBe(Enum.GetValues<RedisTroubleKind>().Length);
    }

    [Fact]
    public void ObserveDurability_EveryState_IsShownAloneUnderItsOwnLabel()
    {
        var state = DurabilityState.Durable;
        using var meters = new TestMeters();
        using var metrics = new QueueMetrics(meters);
        metrics.ObserveDurability(() => state, () => (7, 9));
        using var seen = new Recorder(meters);

        var shown = new HashSet<string>();
        foreach (var each in Enum.GetValues<DurabilityState>())
        {
            state = each;
            seen.Lines.Clear();
            seen.Look();
            shown.Add(seen.Lines.Single(line => line.StartsWith("webcluster.queue.redis.durability 1 ", StringComparison.Ordinal)));
            seen.Lines.ShouldContain($"webcluster.queue.redis.data_lost {(each is DurabilityState.DataLost ? 1 : 0)}");
            seen.Lines.ShouldContain("webcluster.queue.redis.memory.used 7");
            seen.Lines.ShouldContain("webcluster.queue.redis.memory.limit 9");
        }
        shown.Count.ShouldBe(Enum.GetValues<DurabilityState>().Length);
    }

    private static RuleStatus Rule(RuleAction action)
    {
        var now = DateTimeOffset.UnixEpoch;
        return new RuleStatus(new QueueRule(RuleId.New(now), action, new RuleTarget(RuleScope.Tenant, "t"), "r", now), 0, 0, 0, IsRunning: true);
    }

    /// <summary>Writes down what the instruments of one test record: "name value label=value".</summary>
    private sealed class Recorder : IDisposable
    {
        private readonly MeterListener _listener = new();

        public Recorder(TestMeters meters)
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, meters))
                    listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Lines.Add(Line(instrument, value, tags)));
            _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Lines.Add(Line(instrument, value, tags)));
            _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Lines.Add(Line(instrument, value >= 0, tags)));
            _listener.Start();
        }

        public List<string> Lines { get; } = [];

        /// <summary>Asks what is observed.</summary>
        public void Look() => _listener.RecordObservableInstruments();

        public void Dispose() => _listener.Dispose();

        private static string Line<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var line = $"{instrument.Name} {value}";
            foreach (var (name, tag) in tags)
                line += $" {name}={tag}";
            return line;
        }
    }
}
