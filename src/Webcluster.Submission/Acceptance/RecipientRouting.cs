using System.Collections.Concurrent;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Routing;
using Webcluster.Submission.Replies;

namespace Webcluster.Submission.Acceptance;

/// <summary>Finds the lane of each recipient, asking once per domain and several at a time, and puts those of one lane together.</summary>
internal sealed class RecipientRouting(IRecipientRouter router)
{
    private const int AtOnce = 16;

    public static ServerReply RefusalFor(RouteRefusal refusal) => refusal switch
    {
        RouteRefusal.ForbiddenAddressLiteral => ServerReply.ForbiddenRecipient,
        RouteRefusal.NoDomain => ServerReply.RecipientWithoutDomain,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <returns>The deliveries, in the order in which their first recipients were given; or why a recipient cannot be routed.</returns>
    public async ValueTask<(IReadOnlyList<NewDelivery> Deliveries, ServerReply? Refusal)> RouteAsync(
        IReadOnlyList<QueuedRecipient> recipients, MailOrigin origin, CancellationToken cancellation)
    {
        if (recipients.Count == 1 || recipients.All(recipient => recipient.Address.Domain == recipients[0].Address.Domain))
        {
            return await router.RouteAsync(recipients[0].Address, origin, cancellation) switch
            {
                RouteResult.To(var lane) => ([new NewDelivery(lane, origin.Class, recipients)], null),
                RouteResult.Refused(var reason) => ([], RefusalFor(reason)),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
        }

        var routes = await RouteDomainsAsync(recipients, origin, cancellation);
        foreach (var route in routes.Values)
            if (route is RouteResult.Refused(var reason)) return ([], RefusalFor(reason));
        var deliveries = recipients
            .GroupBy(recipient => ((RouteResult.To)routes[recipient.Address.Domain]).Lane)
            .Select(group => new NewDelivery(group.Key, origin.Class, [.. group]));
        return ([.. deliveries], null);
    }

    private async Task<ConcurrentDictionary<string, RouteResult>> RouteDomainsAsync(
        IReadOnlyList<QueuedRecipient> recipients, MailOrigin origin, CancellationToken cancellation)
    {
        var routes = new ConcurrentDictionary<string, RouteResult>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(
            recipients.DistinctBy(recipient => recipient.Address.Domain),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
            async (recipient, token) => routes[recipient.Address.Domain] = await router.RouteAsync(recipient.Address, origin, token));
        return routes;
    }
}
