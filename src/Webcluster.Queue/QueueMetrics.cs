using System.Diagnostics;
using System.Diagnostics.Metrics;
using Webcluster.Queue.Embedded.Storage;
using Webcluster.Queue.Rules;
using Webcluster.Queue.Suppression;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Traffic;
using Webcluster.Queue.Redis.Connection;
using Webcluster.Queue.Redis.Durability;
using Webcluster.Queue.Status;

namespace Webcluster.Queue;

/// <summary>The instruments of the queue, under the meter "Webcluster.Queue". Label values come from closed sets.</summary>
public sealed class QueueMetrics : IDisposable
{
    public const string MeterName = "Webcluster.Queue";

    private readonly Meter _meter;
    private readonly Histogram<double> _commitDuration;
    private readonly Histogram<int> _commitOperations;
    private readonly Counter<long> _enqueued;
    private readonly Counter<long> _storeErrors;
    private readonly Counter<long> _ruleDeliveries;
    private readonly Counter<long> _claimsRefused;
    private readonly Counter<long> _adjustments;
    private readonly Counter<long> _warmupsSet;
    private readonly Counter<long> _suppressionChanges;
    private readonly Counter<long> _softFailures;
    private readonly Histogram<double> _scriptDuration;
    private readonly Counter<long> _redisRoundTrips;
    private readonly Counter<long> _redisTroubles;

    /// <param name="meters">Owns the meter where given; without it this object does.</param>
    public QueueMetrics(IMeterFactory? meters = null)
    {
        _meter = meters?.Create(MeterName) ?? new Meter(MeterName);
        _commitDuration = _meter.CreateHistogram<double>(
            "webcluster.queue.commit.duration", "s", "Time of one durable write to the store.");
        _commitOperations = _meter.CreateHistogram<int>(
            "webcluster.queue.commit.operations", "{operation}", "Operations that shared one durable write.");
        _enqueued = _meter.CreateCounter<long>("webcluster.messages.enqueued", "{message}", "Messages that were stored.");
        _storeErrors = _meter.CreateCounter<long>("webcluster.queue.store_errors", "{error}", "Writes to the store that failed, by kind.");
        _ruleDeliveries = _meter.CreateCounter<long>(
            "webcluster.queue.rule_deliveries", "{delivery}", "Deliveries that rules bounced, dropped, expedited or moved.");
        _claimsRefused = _meter.CreateCounter<long>("webcluster.queue.claims_refused", "{claim}", "Claims that got nothing, by reason.");
        _adjustments = _meter.CreateCounter<long>(
            "webcluster.queue.adjustments", "{adjustment}", "Replies of providers that changed what a source may send, by kind.");
        _warmupsSet = _meter.CreateCounter<long>(
            "webcluster.queue.warmups_set", "{warmup}", "Times that an operator set the step of a source's warm-up.");
        _softFailures = _meter.CreateCounter<long>(
            "webcluster.suppression.soft_failures", "{message}",
            "Messages that failed for an address in a way that may pass, counted towards its suppression.");
        _suppressionChanges = _meter.CreateCounter<long>(
            "webcluster.suppression.changes", "{entry}", "Entries of the suppression list that were added, changed, removed or expired.");
        _scriptDuration = _meter.CreateHistogram<double>(
            "webcluster.queue.redis.script.duration", "s", "Time of one script, from asking to its answer, by script.");
        _redisRoundTrips = _meter.CreateCounter<long>("webcluster.queue.redis.round_trips", "{call}", "Calls to Redis.");
        _redisTroubles = _meter.CreateCounter<long>("webcluster.queue.redis.troubles", "{call}", "Calls to Redis that failed, by kind.");
    }

    public void Dispose() => _meter.Dispose();

    /// <summary>Shows the queue's deliveries by state whenever the instruments are read.</summary>
    internal void Observe(Func<QueueCounts> count) => _meter.CreateObservableGauge(
        "webcluster.queue.messages",
        () =>
        {
            var counts = count();
            return new Measurement<long>[]
            {
                new(counts.Ready, new KeyValuePair<string, object?>("state", "ready")),
                new(counts.Scheduled, new KeyValuePair<string, object?>("state", "scheduled")),
                new(counts.Claimed, new KeyValuePair<string, object?>("state", "leased")),
                new(counts.Held, new KeyValuePair<string, object?>("state", "held")),
            };
        },
        "{delivery}", "Queued deliveries by state.");

    /// <summary>Shows the rules that stand or are being carried out whenever the instruments are read.</summary>
    internal void Observe(Func<IReadOnlyList<RuleStatus>> rules) => _meter.CreateObservableGauge(
        "webcluster.queue.rules",
        () => rules().Where(rule => rule.Rule.IsStanding || rule.IsRunning).GroupBy(rule => rule.Rule.Action)
            .Select(group => new Measurement<int>(group.Count(), Action(group.Key))),
        "{rule}", "Rules that stand or are being carried out, by action.");

    internal void RuleDone(RuleAction action, int deliveries) => _ruleDeliveries.Add(deliveries, Action(action));

    /// <summary>Shows whether the shared store keeps what is stored, and its memory, whenever the instruments are read.</summary>
    internal void ObserveDurability(Func<DurabilityState> state, Func<(long Used, long Limit)> memory)
    {
        _meter.CreateObservableGauge(
            "webcluster.queue.redis.durability",
            () => Enum.GetValues<DurabilityState>().Select(value => new Measurement<long>(
                value == state() ? 1 : 0, new KeyValuePair<string, object?>("state", Label(value)))),
            "{state}", "1 for the state of the shared store; mail is accepted in state durable.");
        _meter.CreateObservableGauge(
            "webcluster.queue.redis.data_lost", () => state() is DurabilityState.DataLost ? 1 : 0, "{loss}",
            "1: the shared store is an older one or empty, and an operator must say how to go on.");
        _meter.CreateObservableGauge("webcluster.queue.redis.memory.used", () => memory().Used, "By", "Memory of the fullest server.");
        _meter.CreateObservableGauge("webcluster.queue.redis.memory.limit", () => memory().Limit, "By", "What it may use; 0: no limit.");
    }

    internal static long StartCommit() => Stopwatch.GetTimestamp();

    internal void Committed(long began, int operations)
    {
        _commitDuration.Record(Stopwatch.GetElapsedTime(began).TotalSeconds);
        _commitOperations.Record(operations);
    }

    internal void Enqueued() => _enqueued.Add(1);

    internal void StoreFailed(StoreFaultKind kind) => _storeErrors.Add(1, new KeyValuePair<string, object?>("kind", kind switch
    {
        StoreFaultKind.Full => "full",
        StoreFaultKind.InputOutput => "io",
        StoreFaultKind.ReadOnly => "readonly",
        StoreFaultKind.Busy => "busy",
        StoreFaultKind.Corrupt => "corrupt",
        StoreFaultKind.Other => "other",
        _ => throw new UnreachableException(),
    }));

    private static KeyValuePair<string, object?> Action(RuleAction action) => new("action", action switch
    {
        RuleAction.Suspend => "suspend",
        RuleAction.Hold => "hold",
        RuleAction.Bounce => "bounce",
        RuleAction.Drop => "drop",
        RuleAction.Expedite => "expedite",
        RuleAction.Move => "move",
        _ => throw new UnreachableException(),
    });

    internal void ClaimRefused(WaitReason reason) => _claimsRefused.Add(1, new KeyValuePair<string, object?>("reason", Label(reason)));

    internal void Adjusted(Adjustment adjustment) => _adjustments.Add(1, new KeyValuePair<string, object?>("kind", adjustment switch
    {
        Adjustment.SlowDown => "slow_down",
        Adjustment.FewerConnections => "fewer_connections",
        Adjustment.MessagesPerConnection => "messages_per_connection",
        Adjustment.Suspend => "suspend",
        Adjustment.Complaint => "complaint",
        _ => throw new UnreachableException(),
    }));

    internal void WarmupSet() => _warmupsSet.Add(1);

    /// <summary>Shows how long the suppression list is whenever the instruments are read.</summary>
    internal void ObserveSuppressions(Func<long> entries) => _meter.CreateObservableGauge(
        "webcluster.suppression.entries", entries, "{entry}",
        "Entries of the suppression list; those that expired until they are removed.");

    internal void SoftFailuresCounted(long messages) => _softFailures.Add(messages);

    internal void SuppressionsChanged(SuppressionChanges changes)
    {
        SuppressionsChanged("added", changes.Added);
        SuppressionsChanged("changed", changes.Changed);
    }

    internal void SuppressionsRemoved(long count) => SuppressionsChanged("removed", count);

    internal void SuppressionsExpired(long count) => SuppressionsChanged("expired", count);

    private void SuppressionsChanged(string how, long count)
    {
        if (count > 0) _suppressionChanges.Add(count, new KeyValuePair<string, object?>("change", how));
    }

    internal void ScriptRan(string name, TimeSpan elapsed) =>
        _scriptDuration.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("script", name));

    internal void RedisRoundTrip() => _redisRoundTrips.Add(1);

    internal void RedisTrouble(RedisTroubleKind kind) => _redisTroubles.Add(1, new KeyValuePair<string, object?>("kind", kind switch
    {
        RedisTroubleKind.Full => "full",
        RedisTroubleKind.Unavailable => "unavailable",
        RedisTroubleKind.Timeout => "timeout",
        RedisTroubleKind.ReadOnly => "readonly",
        RedisTroubleKind.Loading => "loading",
        RedisTroubleKind.Busy => "busy",
        RedisTroubleKind.NotPersisting => "not_persisting",
        RedisTroubleKind.NoReplicas => "no_replicas",
        RedisTroubleKind.ClusterDown => "cluster_down",
        RedisTroubleKind.SlotMoving => "slot_moving",
        RedisTroubleKind.Denied => "denied",
        RedisTroubleKind.BadReply => "bad_reply",
        _ => throw new UnreachableException(),
    }));

    private static string Label(WaitReason reason) => reason switch
    {
        WaitReason.NothingDue => "nothing_due",
        WaitReason.ConnectionLimit => "connection_limit",
        WaitReason.SessionExhausted => "session_exhausted",
        WaitReason.SessionLost => "session_lost",
        WaitReason.LanePaused => "lane_paused",
        WaitReason.SiteTrouble => "site_trouble",
        WaitReason.StoreUnavailable => "store_unavailable",
        WaitReason.Suspended => "suspended",
        WaitReason.Held => "held",
        WaitReason.RateLimit => "rate_limit",
        WaitReason.SourcesSuspended => "sources_suspended",
        WaitReason.WarmupBudget => "warmup_budget",
        WaitReason.NoSource => "no_source",
        WaitReason.OthersTurn => "others_turn",
        _ => throw new UnreachableException(),
    };

    private static string Label(DurabilityState state) => state switch
    {
        DurabilityState.Durable => "durable",
        DurabilityState.Full => "full",
        DurabilityState.TooFewReplicas => "too_few_replicas",
        DurabilityState.Rewriting => "rewriting",
        DurabilityState.WriteFailing => "write_failing",
        DurabilityState.NotServing => "not_serving",
        DurabilityState.Unknown => "unknown",
        DurabilityState.Misconfigured => "misconfigured",
        DurabilityState.DataLost => "data_lost",
        _ => throw new UnreachableException(),
    };
}
