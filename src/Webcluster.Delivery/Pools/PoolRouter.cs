using Webcluster.Delivery.Providers;
using Webcluster.Delivery.Routing;
using Webcluster.Protocol.Addresses;
using Webcluster.Queue.Routing;

namespace Webcluster.Delivery.Pools;

/// <summary>Finds a recipient's lane: where to is the domain's, from which pool is the mail's.</summary>
internal sealed class PoolRouter(DomainRouter domains, PoolPolicy pools, ProviderBook providers) : IRecipientRouter
{
    public async ValueTask<RouteResult> RouteAsync(Mailbox recipient, MailOrigin origin, CancellationToken cancellation)
    {
        var route = await domains.RouteAsync(recipient, cancellation);
        if (route is not RouteResult.To(var lane)) return route;
        var pool = pools.PoolFor(origin, lane, recipient.Domain);
        if (pool != lane.Pool) lane = lane with { Pool = pool };
        return new RouteResult.To(lane) { MostRecipients = providers.PolicyOf(lane).RecipientsPerTransaction };
    }
}
