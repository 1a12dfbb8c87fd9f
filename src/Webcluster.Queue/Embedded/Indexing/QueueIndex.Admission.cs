using Webcluster.Queue.Embedded.Traffic;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Traffic;

namespace Webcluster.Queue.Embedded.Indexing;

internal sealed partial class QueueIndex
{
    /// <summary>What became of a claim's wish for a session: the session and how much it may take, or why it gets nothing.</summary>
    /// <param name="IsByTraffic">The provider gives nothing, in all or from the sources that are offered.</param>
    private readonly record struct Admission(
        Session? Session, TrafficShare? Share = null, double Most = 0, ClaimResult.NotNow? Refusal = null, bool IsByTraffic = false)
    {
        public static Admission Refused(WaitReason reason, DateTimeOffset? until = null) =>
            new(null, Refusal: new ClaimResult.NotNow(reason, until));
    }

    private Admission Admit(ClaimRequest request)
    {
        if (_lanes.TryGetValue(request.Lane, out var lane) && !Sift(lane) && lane.Ready > 0)
            return Admission.Refused(WaitReason.Held, Time(Now));
        return request.Session is { } id ? Extend(request, id) : Open(request, lane);
    }

    private Admission Extend(ClaimRequest request, SessionId id)
    {
        if (!_sessions.TryGetValue(id, out var session) || session.Node != request.Node || session.Lane.Key != request.Lane)
            return Admission.Refused(WaitReason.SessionLost);
        if (!session.IsIdle && session.Lane.Window.Widen(session.Lane.Sessions))
            Refresh(session.Lane);
        var carries = MessagesPerConnection(request.Traffic);
        if (session.Granted >= carries || OfferOf(session.Source, request.Traffic) is not { } own)
            return Admission.Refused(WaitReason.SessionExhausted);
        var lane = session.Lane;
        if (lane.Stopper is { } rule)
            return Admission.Refused(WaitReason.Suspended, rule.Rule.Until);
        if (lane.Ready == 0)
        {
            StopWaiting(lane);
            Idle(session);
            Offer(request);
            return NothingDue(lane);
        }
        var (share, allowed) = lane.Provider.Traffic.Extend(session.Source, own, request.Traffic, TurnOf(lane, opens: false));
        if (share is null)
            return Refuse(lane, session, allowed);
        carries = Math.Min(carries, share.MessagesPerConnection ?? carries);
        return session.Granted < carries
            ? new Admission(session, share, Math.Min(carries - session.Granted, allowed.Most))
            : Admission.Refused(WaitReason.SessionExhausted);
    }

    private Admission Open(ClaimRequest request, Lane? lane)
    {
        if (lane is null)
        {
            Offer(request);
            return NothingDue(null);
        }
        if (lane.Stopper is { } rule)
            return Admission.Refused(WaitReason.Suspended, rule.Rule.Until);
        if (lane.Ready == 0)
        {
            Offer(request);
            return lane.Held > 0 ? Admission.Refused(WaitReason.Held, Time(lane.NextDue)) : NothingDue(lane);
        }
        if (lane.IsPaused)
            return Admission.Refused(WaitReason.LanePaused, Time(lane.ByPauseEnd.Key));
        if (lane.Window.IsFull(lane.Sessions))
            return Admission.Refused(WaitReason.SiteTrouble);
        LearnConnections(lane, request.Traffic);
        if (!lane.HasRoom)
        {
            Offer(request);
            return Admission.Refused(WaitReason.ConnectionLimit);
        }
        var (share, allowed) = lane.Provider.Traffic.Open(request.Traffic, TurnOf(lane, opens: true));
        if (share is null)
            return Refuse(lane, null, allowed);
        var carries = MessagesPerConnection(request.Traffic);
        carries = Math.Min(carries, share.MessagesPerConnection ?? carries);
        return new Admission(Open(request.Node, lane, share), share, Math.Min(carries, allowed.Most));
    }

    private Session Open(NodeId node, Lane lane, TrafficShare share)
    {
        _nodes.Know(node);
        var session = new Session(SessionId.New(_time.GetUtcNow()), node, lane, share.Source);
        share.Connect();
        _sessions.Add(session.Id, session);
        lane.Sessions++;
        lane.Site.Sessions++;
        if (lane.Site.Sessions >= lane.Site.Least)
            RefreshAll(lane.Site);
        return session;
    }

    /// <summary>
    /// The provider gives nothing: the lane waits, but for connections not where it has one that idles; and a session idles until there is
    /// more.
    /// </summary>
    private Admission Refuse(Lane lane, Session? session, Allowance refusal)
    {
        var refused = Admission.Refused(refusal.Reason, refusal.At is { } at ? Microseconds.Time(at) : null) with { IsByTraffic = true };
        if (refusal.Reason is WaitReason.NoSource or WaitReason.OthersTurn)
            return session is null ? refused : Admission.Refused(WaitReason.SessionExhausted);
        if (session is not null && refusal.Reason is WaitReason.SourcesSuspended)
            return Admission.Refused(WaitReason.SessionExhausted);
        var mayExtend = refusal.Reason is WaitReason.ConnectionLimit && lane.IdleSessions > 0;
        if (session is not null)
            Idle(session);
        if (!mayExtend)
            WaitForProvider(lane, refusal);
        return refused;
    }

    /// <summary>A claim that gets nothing for another reason than its sources offers them all the same.</summary>
    private void Offer(ClaimRequest request)
    {
        if (!ProviderTraffic.HasTurns(request.Traffic))
            return;
        var provider = ProviderOf(request.Lane.Provider);
        provider.Traffic.Offer(request.Lane.Pool, request.Traffic, Microseconds.Of(Now));
        if (provider.Lanes == 0)
            KeepUnused(provider);
    }

    private void Idle(Session session)
    {
        if (session.SetIdle(true))
            RefreshAll(session.Lane.Site);
        else
            Refresh(session.Lane);
    }

    /// <summary>A site stands as many connections as its provider does, where that is known.</summary>
    private void LearnConnections(Lane lane, TrafficOffer offer)
    {
        var known = lane.Connections;
        lane.Connections = offer.Limits.Connections ?? _options.SiteLimits.Connections;
        lane.Site.Least = Math.Min(lane.Site.Least, lane.Connections.Value);
        if (known != lane.Connections && (known is not null || !lane.HasRoom))
            Refresh(lane);
    }

    private int MessagesPerConnection(TrafficOffer offer) =>
        offer.Limits.MessagesPerConnection ?? _options.SiteLimits.MessagesPerConnection;

    private Turn TurnOf(Lane lane, bool opens) => new(Microseconds.Of(Now), lane.Key.Pool, opens, lane.Next!.Attempts == 0);

    private static SourceOffer? OfferOf(SourceTraffic source, TrafficOffer offer)
    {
        foreach (var own in offer.Sources)
            if (own.Source == source.Name)
                return own;
        return null;
    }

    private static Admission NothingDue(Lane? lane) => Admission.Refused(WaitReason.NothingDue, Time(lane?.NextDue));
}
