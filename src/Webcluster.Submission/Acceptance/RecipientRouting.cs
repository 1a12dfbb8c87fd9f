using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Webcluster.Queue.Lanes;
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
    // The client waits behind its final dot: for a thousand domains with silent name servers, at 2 s each, it is 16 s in all.
    private const int AtOnce = 128;

    public static ServerReply RefusalFor(RouteRefusal refusal) => refusal switch
    {
        RouteRefusal.ForbiddenAddressLiteral => ServerReply.ForbiddenRecipient,
        RouteRefusal.NoDomain => ServerReply.RecipientWithoutDomain,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <returns>The deliveries, in the order in which their first recipients were given; or why a recipient cannot be routed.</returns>
    public ValueTask<(IReadOnlyList<NewDelivery> Deliveries, ServerReply? Refusal)> RouteAsync(
        IReadOnlyList<QueuedRecipient> recipients, MailOrigin origin, CancellationToken cancellation) => HaveOneDomain(recipients)
        ? RouteTogetherAsync(recipients, origin, cancellation)
        : RouteApartAsync(recipients, origin, cancellation);

    private static bool HaveOneDomain(IReadOnlyList<QueuedRecipient> recipients)
    {
        for (var index = 1; index < recipients.Count; index++)
            if (recipients[index].Address.Domain != recipients[0].Address.Domain) return false;
        return true;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<(IReadOnlyList<NewDelivery> Deliveries, ServerReply? Refusal)> RouteTogetherAsync(
        IReadOnlyList<QueuedRecipient> recipients, MailOrigin origin, CancellationToken cancellation) =>
        await router.RouteAsync(recipients[0].Address, origin, cancellation) switch
        {
            RouteResult.To to => (Deliveries(to, recipients, origin.Class), null),
            RouteResult.Refused(var reason) => ([], RefusalFor(reason)),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private async ValueTask<(IReadOnlyList<NewDelivery> Deliveries, ServerReply? Refusal)> RouteApartAsync(
        IReadOnlyList<QueuedRecipient> recipients, MailOrigin origin, CancellationToken cancellation)
    {
        var routes = await RouteDomainsAsync(recipients, origin, cancellation);
        foreach (var route in routes.Values)
            if (route is RouteResult.Refused(var reason)) return ([], RefusalFor(reason));
        var deliveries = recipients
            .GroupBy(recipient => (RouteResult.To)routes[recipient.Address.Domain])
            .SelectMany(group => Deliveries(group.Key, [.. group], origin.Class));
        return ([.. deliveries], null);
    }

    private static NewDelivery[] Deliveries(RouteResult.To to, IReadOnlyList<QueuedRecipient> recipients, MailClass mailClass) =>
        to.MostRecipients is { } most && most < recipients.Count
            ? Split(to.Lane, recipients.Chunk(most), mailClass)
            : [new NewDelivery(to.Lane, mailClass, recipients)];

    private static NewDelivery[] Split(LaneKey lane, IEnumerable<QueuedRecipient[]> parts, MailClass mailClass) =>
        [.. parts.Select(some => new NewDelivery(lane, mailClass, some))];

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
