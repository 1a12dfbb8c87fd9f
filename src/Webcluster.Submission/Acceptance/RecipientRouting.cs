using System.Collections.Concurrent;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Routing;
using Webcluster.Submission.Replies;

namespace Webcluster.Submission.Acceptance;

/// <summary>
/// Finds the lane of each recipient, asking once per domain and several at a time, and puts those of one lane together, as many as go in
/// one transaction: a delivery counts as one message where limits count messages.
/// </summary>
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
                RouteResult.To to => ([.. Deliveries(to, recipients, origin)], null),
                RouteResult.Refused(var reason) => ([], RefusalFor(reason)),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
        }

        var routes = await RouteDomainsAsync(recipients, origin, cancellation);
        foreach (var route in routes.Values)
            if (route is RouteResult.Refused(var reason)) return ([], RefusalFor(reason));
        var deliveries = recipients
            .GroupBy(recipient => (RouteResult.To)routes[recipient.Address.Domain])
            .SelectMany(group => Deliveries(group.Key, [.. group], origin));
        return ([.. deliveries], null);
    }

    private static IEnumerable<NewDelivery> Deliveries(
        RouteResult.To to, IReadOnlyList<QueuedRecipient> recipients, MailOrigin origin) =>
        to.MostRecipients < recipients.Count
            ? recipients.Chunk(to.MostRecipients.Value).Select(some => new NewDelivery(to.Lane, origin.Class, some))
            : [new NewDelivery(to.Lane, origin.Class, recipients)];

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
