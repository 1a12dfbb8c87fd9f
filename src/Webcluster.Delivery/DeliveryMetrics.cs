using System.Diagnostics;
using System.Diagnostics.Metrics;
using Webcluster.Delivery.Outcomes;
using Webcluster.Delivery.Providers;
using Webcluster.Protocol.Classification;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Settling;
using Webcluster.Queue.Suppression;

namespace Webcluster.Delivery;

/// <summary>
/// What delivery counts. Labels are closed sets: a provider is one that catalogue or configuration name, a configured route, or "other";
/// never any domain of the Internet.
/// </summary>
internal sealed class DeliveryMetrics
{
    public const string MeterName = "Webcluster.Delivery";

    private readonly ProviderBook _providers;
    private readonly Counter<long> _attempts;
    private readonly Counter<long> _connects;
    private readonly Counter<long> _late;
    private readonly Counter<long> _maybeSent;
    private readonly UpDownCounter<long> _connections;
    private readonly Counter<long> _suppressed;
    private readonly Counter<long> _alarms;
    private readonly Histogram<double> _attemptDuration;
    private readonly Histogram<double> _deliveryTime;
    private readonly Histogram<double> _wait;

    public DeliveryMetrics(IMeterFactory meters, ProviderBook providers)
    {
        _providers = providers;
        var meter = meters.Create(MeterName);
        _attempts = meter.CreateCounter<long>("webcluster.delivery.attempts", description: "Recipients attempted, by outcome.");
        _connects = meter.CreateCounter<long>("webcluster.delivery.connects", description: "Connections opened or failed.");
        _connections = meter.CreateUpDownCounter<long>("webcluster.delivery.connections", description: "Open connections.");
        _late = meter.CreateCounter<long>(
            "webcluster.delivery.late_outcomes", description: "Outcomes of sessions that had lost their deliveries.");
        _maybeSent = meter.CreateCounter<long>(
            "webcluster.delivery.possible_duplicates",
            description: "Recipients to be tried again after a final dot without reply, "
                + "or tried though a node that died may have sent to them.");
        _suppressed = meter.CreateCounter<long>(
            "webcluster.delivery.suppressed", description: "Recipients that were not attempted because they are suppressed, by reason.");
        _alarms = meter.CreateCounter<long>(
            "webcluster.delivery.alarms", description: "Refusals that only a person can set right, by class.");
        _attemptDuration = meter.CreateHistogram<double>(
            "webcluster.delivery.attempt.duration", "s", "One transaction, without the connection.");
        _deliveryTime = meter.CreateHistogram<double>("webcluster.delivery.time", "s", "From acceptance to the final outcome.");
        _wait = meter.CreateHistogram<double>("webcluster.queue.wait", "s", "From acceptance to the first attempt.");
    }

    public void Connected(LaneKey lane, bool opened)
    {
        _connects.Add(1, Provider(lane), new("result", opened ? "opened" : "failed"));
        if (opened) _connections.Add(1, Provider(lane));
    }

    public void Disconnected(LaneKey lane) => _connections.Add(-1, Provider(lane));

    public void Outcome(AttemptOutcome outcome, AttemptContext context, DateTimeOffset now)
    {
        var age = (now - outcome.Delivery.AcceptedAt).TotalSeconds;
        var provider = Provider(context.Lane);
        foreach (var verdict in outcome.Verdicts)
        {
            if (verdict is Verdict.Deferred { IsDelay: false }) continue;
            _attempts.Add(1, provider, new("pool", context.Lane.Pool), new("outcome", Name(verdict)));
            if (verdict is Verdict.Failed { Suppressed: { } reason })
                _suppressed.Add(1, new KeyValuePair<string, object?>("reason", SuppressionReasons.Label(reason)));
            if (verdict is Verdict.Deferred { MaybeSent: true }) _maybeSent.Add(1, provider);
            if (verdict is not Verdict.Deferred) _deliveryTime.Record(age, provider);
        }

        if (outcome.Delivery.Attempts == 0 && outcome.Verdicts.Any(verdict => verdict.IsOfServer))
            _wait.Record(Math.Max(0, age - context.Took.TotalSeconds));
        if (context.Session is not null) _attemptDuration.Record(context.Took.TotalSeconds, provider);
    }

    public void Alarm(BounceClass bounceClass) => _alarms.Add(1, new KeyValuePair<string, object?>("class", bounceClass.Text()));

    public void TakenOver(LaneKey lane, int recipients) => _maybeSent.Add(recipients, Provider(lane));

    public void Late(SettleVerdict verdict) => _late.Add(1, new KeyValuePair<string, object?>("verdict", verdict switch
    {
        SettleVerdict.Settled => "settled",
        SettleVerdict.SettledLate => "settled_late",
        SettleVerdict.Duplicate => "duplicate",
        SettleVerdict.Refused => "refused",
        _ => throw new UnreachableException(),
    }));

    private static string Name(Verdict verdict) => verdict switch
    {
        Verdict.Delivered => "delivered",
        Verdict.Failed { Suppressed: not null } => "suppressed",
        Verdict.Failed => "bounced",
        Verdict.Deferred => "deferred",
        _ => throw new UnreachableException(),
    };

    /// <summary>The lane's provider where something names it, else "other": one of a closed set.</summary>
    public string NameOf(LaneKey lane) => IsRoute(lane) || _providers.IsNamed(lane.Provider) ? lane.Provider : "other";

    private KeyValuePair<string, object?> Provider(LaneKey lane) => new("provider", NameOf(lane));

    private static bool IsRoute(LaneKey lane) => lane.Provider.StartsWith("route:", StringComparison.Ordinal);
}
