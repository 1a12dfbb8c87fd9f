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
        if (_lanes.TryGetValue(request.Lane, out var asked) && !Sift(asked) && asked.Ready > 0)
            return new Grant(null, [], new ClaimResult.NotNow(WaitReason.Held, Time(Now)));
        var (session, refusal) = request.Session is { } id ? Extend(request, id) : Open(request);
        if (session is null)
            return new Grant(null, [], refusal);
        var lane = session.Lane;
        var most = Math.Min(request.MostDeliveries, _options.SiteLimits.MessagesPerConnection - session.Granted);
        var taken = new List<TakenDelivery>(Math.Min(most, lane.Ready));
        while (taken.Count < most && Sift(lane))
        {
            var delivery = lane.Take()!;
            delivery.State = DeliveryState.Held;
            delivery.Holder = session;
            session.Held.Add(delivery);
            taken.Add(new TakenDelivery(delivery, delivery.Message.Hot, delivery.Attempts, delivery.MayHaveBeenSent));
        }
        session.Granted += taken.Count;
        lane.Claimed += taken.Count;
        // Other lanes of the site may have been named for this session's slot.
        if (session.SetIdle(false))
            RefreshAll(lane.Site);
        else
            Refresh(lane);
        return new Grant(session, taken, null);
    }

    /// <summary>Ends a session; what it holds waits again.</summary>
    public void Release(SessionId id)
    {
        if (_sessions.TryGetValue(id, out var session))
            Close(session);
    }

    /// <summary>Ends the sessions of a node; what they hold waits again and is marked.</summary>
    public List<Delivery> Reap(NodeId node)
    {
        _nodes.Forget(node);
        var back = new List<Delivery>();
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
        if (!_sessions.TryGetValue(id, out var session) || session.Node != request.Node || session.Lane.Key != request.Lane)
            return (null, new ClaimResult.NotNow(WaitReason.SessionLost, null));
        if (session.Granted >= _options.SiteLimits.MessagesPerConnection)
            return (null, new ClaimResult.NotNow(WaitReason.SessionExhausted, null));
        if (session.Lane.Stopper is { } rule)
            return (null, Suspended(rule));
        if (session.Lane.Ready > 0)
            return (session, null);
        if (session.SetIdle(true))
            RefreshAll(session.Lane.Site);
        return (null, NothingDue(session.Lane));
    }

    private (Session?, ClaimResult.NotNow?) Open(ClaimRequest request)
    {
        if (!_lanes.TryGetValue(request.Lane, out var lane))
            return (null, NothingDue(null));
        if (lane.Stopper is { } rule)
            return (null, Suspended(rule));
        if (lane.Ready == 0)
            return (null, lane.Held > 0 ? new ClaimResult.NotNow(WaitReason.Held, Time(lane.NextDue)) : NothingDue(lane));
        if (lane.IsPaused)
            return (null, new ClaimResult.NotNow(WaitReason.LanePaused, Time(lane.ByPauseEnd.Key)));
        if (!lane.Site.HasRoom)
            return (null, new ClaimResult.NotNow(WaitReason.ConnectionLimit, null));
        _nodes.Know(request.Node);
        var session = new Session(SessionId.New(_time.GetUtcNow()), request.Node, lane);
        _sessions.Add(session.Id, session);
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
        RefreshAll(lane.Site);
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

    private static ClaimResult.NotNow Suspended(ActiveRule rule) => new(WaitReason.Suspended, rule.Rule.Until);

    private static ClaimResult.NotNow NothingDue(Lane? lane) =>
        new(WaitReason.NothingDue, Time(lane?.NextDue));
}
