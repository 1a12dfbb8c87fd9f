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
        var (session, refusal) = request.Session is { } id ? Extend(request, id) : Open(request);
        if (session is null)
            return new Grant(null, [], refusal);
        var lane = session.Lane;
        var most = Math.Min(request.MostDeliveries, options.SiteLimits.MessagesPerConnection - session.Granted);
        var taken = new List<TakenDelivery>(Math.Min(most, lane.Ready));
        while (taken.Count < most && lane.Take() is { } delivery)
        {
            delivery.State = DeliveryState.Held;
            delivery.Holder = session;
            session.Held.Add(delivery);
            taken.Add(new TakenDelivery(delivery, delivery.Message.Hot, delivery.Attempts, delivery.MayHaveBeenSent));
        }
        session.SetIdle(false);
        session.Granted += taken.Count;
        lane.Claimed += taken.Count;
        Refresh(lane);
        return new Grant(session, taken, null);
    }

    /// <summary>Ends a session; what it holds waits again.</summary>
    public void Release(SessionId id)
    {
        if (sessions.TryGetValue(id, out var session))
            Close(session);
    }

    /// <summary>Ends the sessions of a node; what they hold waits again and is marked.</summary>
    public List<Delivery> Reap(NodeId node)
    {
        nodes.Forget(node);
        var back = new List<Delivery>();
        foreach (var session in sessions.Values.Where(session => session.Node == node).ToList())
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
        nodes.Beat(node);
        return nodes.Overdue();
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

    private (Session?, ClaimResult.NotNow?) Extend(ClaimRequest request, SessionId id)
    {
        if (!sessions.TryGetValue(id, out var session) || session.Node != request.Node || session.Lane.Key != request.Lane)
            return (null, new ClaimResult.NotNow(WaitReason.SessionLost, null));
        if (session.Granted >= options.SiteLimits.MessagesPerConnection)
            return (null, new ClaimResult.NotNow(WaitReason.SessionExhausted, null));
        if (session.Lane.Ready > 0)
            return (session, null);
        if (session.SetIdle(true))
            RefreshAll(session.Lane.Site);
        return (null, NothingDue(session.Lane));
    }

    private (Session?, ClaimResult.NotNow?) Open(ClaimRequest request)
    {
        if (!lanes.TryGetValue(request.Lane, out var lane) || lane.Ready == 0)
            return (null, NothingDue(lane));
        if (lane.IsPaused)
            return (null, new ClaimResult.NotNow(WaitReason.LanePaused, Time(lane.ByPauseEnd.Key)));
        if (!lane.Site.HasRoom)
            return (null, new ClaimResult.NotNow(WaitReason.ConnectionLimit, null));
        nodes.Know(request.Node);
        var session = new Session(SessionId.New(time.GetUtcNow()), request.Node, lane);
        sessions.Add(session.Id, session);
        lane.Sessions++;
        lane.Site.Sessions++;
        if (!lane.Site.HasRoom)
            RefreshAll(lane.Site);
        return (session, null);
    }

    private void Close(Session session)
    {
        session.Closed = true;
        session.SetIdle(false);
        sessions.Remove(session.Id);
        var lane = session.Lane;
        lane.Sessions--;
        lane.Site.Sessions--;
        foreach (var delivery in session.Held)
        {
            lane.Claimed--;
            delivery.Holder = null;
            lane.Wait(delivery, delivery.Key, Now);
        }
        session.Held.Clear();
        RefreshAll(lane.Site);
    }

    /// <summary>Lets a delivery that is nobody's any more wait in its flow.</summary>
    private void Wait(Delivery delivery, long due)
    {
        delivery.Holder = null;
        delivery.Flow.Lane.Wait(delivery, due, Now);
        Refresh(delivery.Flow.Lane);
    }

    private void RefreshAll(Site site)
    {
        foreach (var lane in site.Lanes.ToArray())
            Refresh(lane);
    }

    private static ClaimResult.NotNow NothingDue(Lane? lane) =>
        new(WaitReason.NothingDue, Time(lane?.NextDue));
}
