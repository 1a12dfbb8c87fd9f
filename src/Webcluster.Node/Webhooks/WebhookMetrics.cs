using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Webcluster.Node.Webhooks.Sending;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace Webcluster.Node.Webhooks;

/// <summary>What webhooks count. How things stand at an endpoint is told by the node that sends to it, and by no other.</summary>
internal sealed class WebhookMetrics
{
    private readonly ConcurrentDictionary<string, Standing> _standings = new(StringComparer.Ordinal);
    private readonly Counter<long> _sent;
    private readonly Counter<long> _givenUp;
    private readonly Counter<long> _missed;
    private readonly Histogram<double> _duration;

    public WebhookMetrics(IMeterFactory meters, TimeProvider time)
    {
        var meter = meters.Create("Webcluster.Webhooks");
        _sent = meter.CreateCounter<long>("webcluster.webhook.sent", description: "Events sent, by what came of it.");
        _givenUp = meter.CreateCounter<long>(
            "webcluster.webhook.given_up", description: "Events never taken: tried as often as ever is, or had to make room.");
        _missed = meter.CreateCounter<long>(
            "webcluster.webhook.missed", description: "Events that the event log kept no more when their turn came.");
        _duration = meter.CreateHistogram<double>("webcluster.webhook.request.duration", "s", "One request, to the head of its answer.");
        meter.CreateObservableGauge(
            "webcluster.webhook.parked", () => All(one => (long)one.Parked), description: "Requests that wait to be tried again.");
        meter.CreateObservableGauge(
            "webcluster.webhook.lag", () => All(one => one.Oldest is { } at ? Math.Max(0, (time.GetUtcNow() - at).TotalSeconds) : 0), "s",
            "How old the oldest event is that is under way or waits.");
        meter.CreateObservableGauge(
            "webcluster.webhook.disabled", () => All(one => one.IsDisabled ? 1L : 0),
            description: "1: nothing is sent until an operator enables it again.");
    }

    public void Sent(string endpoint, int events, SendResult result)
    {
        _sent.Add(events, Endpoint(endpoint), new("result", Name(result.Verdict)));
        _duration.Record(result.Took.TotalSeconds, Endpoint(endpoint));
    }

    public void GivenUp(string endpoint, int events) => _givenUp.Add(events, Endpoint(endpoint));

    public void Missed(string endpoint, long events) => _missed.Add(events, Endpoint(endpoint));

    public void Stands(string endpoint, Standing standing) => _standings[endpoint] = standing;

    /// <summary>This node sends to it no more.</summary>
    public void Left(string endpoint) => _standings.TryRemove(endpoint, out _);

    private static Tag Endpoint(string name) => new("endpoint", name);

    private static string Name(SendVerdict verdict) => verdict switch
    {
        SendVerdict.Taken => "taken",
        SendVerdict.Refused => "refused",
        SendVerdict.SlowDown => "slow_down",
        SendVerdict.Gone => "gone",
        SendVerdict.Unreachable => "unreachable",
        SendVerdict.TimedOut => "timed_out",
        SendVerdict.Forbidden => "forbidden",
        _ => throw new ArgumentOutOfRangeException(nameof(verdict)),
    };

    private IEnumerable<Measurement<T>> All<T>(Func<Standing, T> value) where T : struct =>
        _standings.Select(pair => new Measurement<T>(value(pair.Value), Endpoint(pair.Key)));
}

/// <param name="Oldest">Of what is under way or waits; null: nothing does.</param>
internal readonly record struct Standing(int Parked, DateTimeOffset? Oldest, bool IsDisabled);
