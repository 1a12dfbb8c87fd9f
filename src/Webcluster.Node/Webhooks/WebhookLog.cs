using Webcluster.Node.Webhooks.Payloads;
using Webcluster.Node.Webhooks.Sending;

namespace Webcluster.Node.Webhooks;

/// <summary>What webhooks tell people, and count. Single requests stand in the delivery log of their endpoint.</summary>
internal sealed partial class WebhookLog(ILogger<WebhookLog> log, WebhookMetrics metrics)
{
    public WebhookMetrics Metrics => metrics;

    public void Sent(string endpoint, Parcel parcel, SendResult result)
    {
        metrics.Sent(endpoint, parcel.Events.Count, result);
        if (result.Error is { } error) LogNotTaken(endpoint, parcel.Type, parcel.Id, error);
    }

    public void GivenUp(string endpoint, Parcel parcel, int failures)
    {
        metrics.GivenUp(endpoint, parcel.Events.Count);
        LogGivenUp(endpoint, parcel.Type, parcel.Id, failures);
    }

    public void Missed(string endpoint, long events)
    {
        metrics.Missed(endpoint, events);
        LogMissed(endpoint, events);
    }

    [LoggerMessage(4401, LogLevel.Debug, "webhook {Endpoint}: {Type} {Id} was not taken: {Error}")]
    private partial void LogNotTaken(string endpoint, string type, string id, string error);

    [LoggerMessage(4402, LogLevel.Warning, "webhook {Endpoint}: {Type} {Id} is given up after {Failures} attempts")]
    private partial void LogGivenUp(string endpoint, string type, string id, int failures);

    [LoggerMessage(4403, LogLevel.Warning, "webhook {Endpoint}: {Events} events were too old to be kept when their turn came")]
    private partial void LogMissed(string endpoint, long events);

    [LoggerMessage(4404, LogLevel.Warning, "webhook {Endpoint} takes nothing and is left alone but for probes: {Error}")]
    public partial void Resting(string endpoint, string error);

    [LoggerMessage(4405, LogLevel.Information, "webhook {Endpoint} takes events again; {Parked} requests that waited go first")]
    public partial void Recovered(string endpoint, int parked);

    [LoggerMessage(4406, LogLevel.Warning, "webhook {Endpoint} is disabled: {Reason}")]
    public partial void Disabled(string endpoint, string reason);

    [LoggerMessage(4407, LogLevel.Information, "webhook {Endpoint} is enabled, by {Author}")]
    public partial void Enabled(string endpoint, string author);

    [LoggerMessage(4408, LogLevel.Information, "webhook {Endpoint}: a replay is asked for by {Author}, from {From} to {To}, of {Events}")]
    public partial void Replaying(string endpoint, string author, DateTimeOffset from, DateTimeOffset to, string events);

    [LoggerMessage(4409, LogLevel.Information, "webhook {Endpoint}: the replay is over; {Events} events were sent again")]
    public partial void Replayed(string endpoint, int events);

    [LoggerMessage(4410, LogLevel.Warning, "webhook {Endpoint}: a wish of an operator cannot be granted: {Reason}")]
    public partial void WishRefused(string endpoint, string reason);

    [LoggerMessage(4411, LogLevel.Warning, "webhook {Endpoint}: {Reason}; it goes on with what comes from now on")]
    public partial void StartsAnew(string endpoint, string reason);

    [LoggerMessage(4412, LogLevel.Warning, "webhook {Endpoint}: the store cannot be reached: {Reason}")]
    public partial void StoreAway(string endpoint, string reason);
}
