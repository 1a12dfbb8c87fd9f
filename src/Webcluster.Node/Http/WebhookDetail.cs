using Webcluster.Node.Webhooks.State;

namespace Webcluster.Node.Http;

/// <summary>One endpoint with what waits to be tried again and its last requests, as the API shows it.</summary>
internal sealed record WebhookDetail(WebhookView Webhook, IReadOnlyList<ParkedView> Parked, IReadOnlyList<Attempt> Attempts)
{
    /// <param name="state">The requests are newest last, as they are stored.</param>
    public static WebhookDetail Of(WebhookView view, EndpointState state) =>
        new(view, [.. state.Parked.All.Select(ParkedView.Of)], state.Attempts);
}

/// <param name="Due">Not before then, nor before what waits of its messages above it.</param>
internal sealed record ParkedView(
    string Id, string Type, int Events, IReadOnlyList<string> Messages, DateTimeOffset At, int Failures, DateTimeOffset Due)
{
    public static ParkedView Of(ParkedParcel parked) => new(
        parked.Parcel.Id, parked.Parcel.Type, parked.Parcel.Events.Count, parked.Parcel.Messages, parked.Parcel.At, parked.Failures,
        parked.Due);
}
