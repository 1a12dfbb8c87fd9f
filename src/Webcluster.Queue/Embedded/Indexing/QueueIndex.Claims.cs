using Webcluster.Queue.Embedded.Traffic;
using Webcluster.Queue.Sessions;

namespace Webcluster.Queue.Embedded.Indexing;

/// <summary>
/// A claimed delivery as it was when it was claimed; without <paramref name="Hot"/> the rest has to be read from the file.
/// </summary>
internal readonly record struct TakenDelivery(Delivery Delivery, HotMessage? Hot, int Attempts, bool MayHaveBeenSent);

/// <summary>Either a session with what it got now, or why it got nothing.</summary>
internal sealed record Grant(Session? Session, IReadOnlyList<TakenDelivery> Taken, ClaimResult.NotNow? Refusal);

internal sealed partial class QueueIndex
{
    /// <summary>Takes due deliveries in weighted fair order for a session, opening it where the request names none.</summary>
    public Grant Claim(ClaimRequest request)
    {
        CatchUp(Now);
        var admission = Admit(request);
        if (admission.Session is not { } session)
        {
            // An opening claim that ends for a reason of its lane leaves what the provider has to another lane.
            if (request.Session is null && !admission.IsByTraffic && _providers.TryGetValue(request.Lane.Provider, out var provider))
                LetGo(provider);
            return new Grant(null, [], admission.Refusal);
        }
        var lane = session.Lane;
        var taken = Take(session, admission.Share!, Math.Min(request.MostDeliveries, admission.Most));
        session.Granted += taken.Count;
        lane.Claimed += taken.Count;
        // Other lanes of the site may have been named for this session's slot.
        if (session.SetIdle(false))
            RefreshAll(lane.Site);
        else
            Refresh(lane);
        LetGo(lane.Provider);
        // Another node could send one that waits for that: it may be able to send more.
        if (request.Session is null && lane.Provider.Elsewhere.Count > 0 && ProviderTraffic.HasTurns(request.Traffic))
            AskElsewhere(lane.Provider, soon: true);
        return new Grant(session, taken, null);
    }

    /// <summary>Ends a session; what it holds waits again.</summary>
    public void Release(SessionId id)
    {
        if (_sessions.TryGetValue(id, out var session))
            Close(session);
    }

    /// <summary>Ends the sessions of a node that is overdue; what they hold waits again and is marked.</summary>
    public List<Delivery> Reap(NodeId node)
    {
        var back = new List<Delivery>();
        if (_nodes.Lives(node))
            return back;
        _nodes.Forget(node);
        foreach (var session in _sessions.Values.Where(session => session.Node == node).ToList())
        {
            foreach (var delivery in session.Held)
                delivery.MayHaveBeenSent = true;
            back.AddRange(session.Held);
            Close(session);
        }
        return back;
    }

    public List<NodeId> Beat(NodeId node)
    {
        _nodes.Beat(node);
        return _nodes.Overdue();
    }

    /// <summary>A node with sessions stays known, so that it is found to be overdue.</summary>
    public void Leave(NodeId node)
    {
        if (_sessions.Values.All(session => session.Node != node))
            _nodes.Forget(node);
    }

    /// <summary>Gives back what could not be read, to be tried again later: one damaged record must not stop its lane.</summary>
    public void Postpone(Session session, Delivery delivery, TimeSpan delay)
    {
        if (!session.Held.Remove(delivery))
            return;
        var lane = delivery.Flow.Lane;
        lane.Claimed--;
        Wait(delivery, Now + delay.Ticks);
    }

    private List<TakenDelivery> Take(Session session, TrafficShare share, double most)
    {
        var lane = session.Lane;
        var taken = new List<TakenDelivery>((int)Math.Min(most, lane.Ready));
        while (taken.Count < most && Sift(lane) && (taken.Count == 0 || share.MayFollow(lane.Next!.Attempts == 0)))
        {
            var delivery = lane.Take()!;
            delivery.State = DeliveryState.Held;
            delivery.Holder = session;
            session.Held.Add(delivery);
            share.Charge(delivery.Message.ContentOctets, delivery.Attempts == 0);
            taken.Add(new TakenDelivery(delivery, delivery.Message.Hot, delivery.Attempts, delivery.MayHaveBeenSent));
        }
        share.Count(taken.Count);
        Note(share.Source);
        return taken;
    }

    private void Close(Session session)
    {
        session.Closed = true;
        session.SetIdle(false);
        _sessions.Remove(session.Id);
        var lane = session.Lane;
        lane.Sessions--;
        lane.Site.Sessions--;
        foreach (var delivery in session.Held)
        {
            lane.Claimed--;
            delivery.Holder = null;
            Enter(delivery, delivery.Key);
        }
        session.Held.Clear();
        lane.Provider.Traffic.Disconnect();
        session.Source.Disconnect();
        RefreshAll(lane.Site);
        LetGo(lane.Provider);
    }

    /// <summary>Lets a delivery that is nobody's any more wait in its flow.</summary>
    private void Wait(Delivery delivery, long due)
    {
        delivery.Holder = null;
        Enter(delivery, due);
        Refresh(delivery.Flow.Lane);
    }

    private void RefreshAll(Site site)
    {
        foreach (var lane in site.Lanes.ToArray())
            Refresh(lane);
    }
}
