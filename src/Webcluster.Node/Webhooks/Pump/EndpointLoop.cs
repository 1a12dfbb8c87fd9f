using Webcluster.Node.Webhooks.Sending;
using Webcluster.Node.Webhooks.State;
using Webcluster.Queue;

namespace Webcluster.Node.Webhooks.Pump;

/// <summary>One endpoint on this node: sends while it is this node's, and looks whether it becomes so while it is another's.</summary>
internal sealed class EndpointLoop(WebhookEndpoint endpoint, WebhookStores stores, WebhookLog log, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(3);

    private readonly FeedLease _lease = new(stores.Feeds, endpoint.Feed, stores.Node, time);
    private readonly WebhookSender _sender = new(endpoint, EndpointWork.MostFlights, time);

    public void Dispose() => _sender.Dispose();

    /// <exception cref="OperationCanceledException">The node stops.</exception>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                await TryHoldAsync(stopping);
            }
            catch (QueueUnavailableException away)
            {
                log.StoreAway(endpoint.Name, away.Message);
            }

            await Task.Delay(BetweenTries, time, stopping);
        }
    }

    private async Task TryHoldAsync(CancellationToken stopping)
    {
        if (await _lease.TakeAsync(stopping) is not { } held) return;
        var parts = EndpointParts.Of(endpoint, Read(held.State), stores, log);
        await parts.Reader.BeginAsync(stopping);
        await using var sending = new HeldEndpoint(endpoint, parts, _lease, _sender, time);
        await sending.RunAsync(stopping);
    }

    private EndpointState Read(ReadOnlyMemory<byte> stored)
    {
        if (stored.IsEmpty) return new EndpointState();
        if (EndpointStateJson.Decode(stored.Span) is { } state) return state;
        log.StartsAnew(endpoint.Name, "what is stored about it cannot be read");
        return new EndpointState();
    }
}
