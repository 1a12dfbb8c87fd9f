using System.Diagnostics;
using Webcluster.Queue.Rules;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Status;

namespace Webcluster.Queue.Embedded.Indexing;

internal sealed partial class QueueIndex
{
    private const int MostOfSite = 1000;

    public QueueCounts Count()
    {
        CatchUp(Now);
        long ready = 0, later = 0, claimed = 0, held = 0;
        long? oldest = null;
        foreach (var lane in _lanes.Values)
        {
            ready += lane.Ready;
            later += lane.Scheduled;
            claimed += lane.Claimed;
            held += lane.Held;
            if (lane.OldestReady is { } due)
                oldest = Math.Min(due, oldest ?? long.MaxValue);
        }
        return new QueueCounts(Messages, ready, later, claimed, ContentOctets, _lanes.Count, _sessions.Count, Time(oldest), held);
    }

    /// <param name="storeWaits">Why no lane may give anything at present; null where nothing hinders all.</param>
    public IReadOnlyList<LaneStatus> Largest(int most, WaitReason? storeWaits)
    {
        CatchUp(Now);
        AskProviders(Now);
        return Largest(_lanes.Values, most, storeWaits);
    }

    /// <summary>The site's lanes, largest first.</summary>
    public IReadOnlyList<LaneStatus> LanesOf(string provider, string site, WaitReason? storeWaits)
    {
        CatchUp(Now);
        AskProviders(Now);
        return _sites.TryGetValue(new SiteKey(provider, site), out var known) ? Largest(known.Lanes, MostOfSite, storeWaits) : [];
    }

    /// <summary>A delivery without its recipients, which the index does not keep.</summary>
    public static DeliveryStatus StatusOf(Delivery delivery)
    {
        var (message, flow) = (delivery.Message, delivery.Flow);
        return new DeliveryStatus(
            new(message.Id, delivery.Ordinal), flow.Lane.Key, flow.Name.Class, flow.Name.Tenant, [], delivery.Attempts,
            new(message.AcceptedAt, TimeSpan.Zero), new(delivery.Key, TimeSpan.Zero), new(message.ExpiresAt, TimeSpan.Zero),
            delivery.Holder?.Id, WaitsFor(delivery), RuleFor(delivery));
    }

    private static List<LaneStatus> Largest(IEnumerable<Lane> lanes, int most, WaitReason? storeWaits) =>
        [.. lanes.OrderByDescending(lane => lane.Total).Take(most).Select(lane => StatusOf(lane, storeWaits))];

    private static LaneStatus StatusOf(Lane lane, WaitReason? storeWaits) => new(
        lane.Key, lane.Ready, lane.Scheduled, lane.Claimed, lane.Sessions, Time(lane.NextDue), storeWaits ?? WaitsFor(lane),
        lane.Held, lane.Stopper?.Rule, lane.Window.Width);

    private static WaitReason? WaitsFor(Lane lane)
    {
        if (lane.Stopper is not null)
            return WaitReason.Suspended;
        if (lane.Ready == 0)
            return lane.Held > 0 ? WaitReason.Held : WaitReason.NothingDue;
        if (lane.IsPaused)
            return WaitReason.LanePaused;
        if (lane.Window.IsFull(lane.Sessions))
            return WaitReason.SiteTrouble;
        return lane.HasRoom ? lane.ProviderRefuses : WaitReason.ConnectionLimit;
    }

    private static WaitReason? WaitsFor(Delivery delivery) => delivery.State switch
    {
        DeliveryState.Held or DeliveryState.Settling or DeliveryState.Gone => null,
        DeliveryState.SetAside => delivery.Rule?.Rule.Action is RuleAction.Suspend ? WaitReason.Suspended : WaitReason.Held,
        DeliveryState.Scheduled => delivery.Flow.Lane.Stopper is null ? WaitReason.NothingDue : WaitReason.Suspended,
        DeliveryState.Ready => WaitsFor(delivery.Flow.Lane),
        _ => throw new UnreachableException(),
    };

    private static QueueRule? RuleFor(Delivery delivery) =>
        delivery.State is DeliveryState.Held or DeliveryState.Settling ? null : (delivery.Rule ?? delivery.Flow.Lane.Stopper)?.Rule;

    private static DateTimeOffset? Time(long? ticks) => ticks is { } value ? new DateTimeOffset(value, TimeSpan.Zero) : null;
}
