using Webcluster.Delivery.Outcomes;
using Webcluster.Delivery.Routing;
using Webcluster.Delivery.TransportSecurity;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Sessions;

namespace Webcluster.Delivery.Pump;

/// <summary>
/// Who of a delivery goes where now. Recipients of several domains travel together because their domains were one site when the message was
/// accepted; DNS may have parted them since, and nobody's mail may go to another's servers. Nor does it share a transaction with mail that
/// asks more, or less, of the connection: those who ask least go first, so that nobody waits for what only another's domain asks.
/// </summary>
internal sealed class Passengers
{
    private readonly ClaimedDelivery _delivery;
    private readonly LaneKey _lane;
    private readonly DomainRoute[] _routes;

    private Passengers(ClaimedDelivery delivery, LaneKey lane, DomainRoute[] routes)
    {
        (_delivery, _lane, _routes) = (delivery, lane, routes);
        Here = _routes.Select(Destination).Where(IsHere).MinBy(destination => destination!.Demand.Strictness);
    }

    /// <summary>Where this lane's connections go, and what they must have; null where nobody goes this way.</summary>
    public Destination? Here { get; }

    /// <summary>Another lane of the same pool that somebody belongs in; null where there is none.</summary>
    public LaneKey? Elsewhere =>
        _routes.Select(Destination).FirstOrDefault(destination => destination is not null && !IsHere(destination)) is { } other
            ? other.Lane with { Pool = _lane.Pool }
            : null;

    /// <summary>Those who go this way, in their order.</summary>
    public IReadOnlyList<QueuedRecipient> OnBoard => [.. _delivery.Recipients.Where((_, i) => IsOnBoard(_routes[i]))];

    public static async ValueTask<Passengers> OfAsync(
        ClaimedDelivery delivery, LaneKey lane, DomainRouter router, TlsDecider decider, CancellationToken cancellation)
    {
        var routes = new DomainRoute[delivery.Recipients.Count];
        for (var i = 0; i < routes.Length; i++)
        {
            var domain = delivery.Recipients[i].Address.Domain;
            var isRepeated = i > 0 && domain == delivery.Recipients[i - 1].Address.Domain;
            routes[i] = isRepeated ? routes[i - 1] : await router.FindAsync(domain, cancellation);
            if (isRepeated || routes[i] is not DomainRoute.Known { Destination: { } to } || !to.IsOn(lane)) continue;
            var demand = await decider.DemandAsync(domain, to.Tls, to.Voucher, delivery.Envelope.Tls, cancellation);
            routes[i] = new DomainRoute.Known(to with { Domain = domain, Demand = demand });
        }

        return new Passengers(delivery, lane, routes);
    }

    /// <summary>What the attempt came to for all, given what it came to for those on board, or for the first of them: one transaction may
    /// be too small for all.</summary>
    public AttemptOutcome Outcome(IReadOnlyList<Verdict> onBoard)
    {
        var next = 0;
        Verdict Next() => next < onBoard.Count ? onBoard[next++] : OutcomePolicy.InAnotherTransaction;
        return new AttemptOutcome(_delivery, [.. _routes.Select(route =>
            OutcomePolicy.Judge(route, _lane) ?? (IsOnBoard(route) ? Next() : OutcomePolicy.OnAnotherConnection))]);
    }

    public AttemptOutcome Outcome(Verdict onBoard) => Outcome([.. Enumerable.Repeat(onBoard, _routes.Length)]);

    private bool IsOnBoard(DomainRoute route) =>
        Destination(route) is { } destination && IsHere(destination) && destination.Demand == Here!.Demand;

    private bool IsHere(Destination? destination) => destination?.IsOn(_lane) is true;

    private static Destination? Destination(DomainRoute route) => (route as DomainRoute.Known)?.Destination;
}
