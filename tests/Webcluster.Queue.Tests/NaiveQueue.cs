using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Settling;

namespace Webcluster.Queue.Tests;

/// <summary>The contract in the plainest words: one list, searched for everything. What a real queue answers is compared with it.</summary>
internal sealed class NaiveQueue(SiteLimits limits)
{
    private readonly Dictionary<LaneKey, DateTimeOffset> pauses = [];
    private readonly Dictionary<LaneKey, NaiveWindow> windows = [];
    private readonly HashSet<LaneKey> asked = [];
    private long stored;

    public List<NaiveDelivery> Deliveries { get; } = [];

    public List<NaiveSession> Sessions { get; } = [];

    public DateTimeOffset Now { get; set; }

    public void Enqueue(NewMessage message)
    {
        foreach (var (delivery, ordinal) in message.Deliveries.Select((delivery, ordinal) => (delivery, ordinal)))
            Deliveries.Add(new NaiveDelivery
            {
                Id = new DeliveryId(message.Id, ordinal),
                Row = ++stored,
                Lane = delivery.Lane,
                Flow = new FlowKey(delivery.Class, message.Envelope.Tenant),
                Due = message.NotBefore ?? message.AcceptedAt,
                Recipients = delivery.Recipients,
            });
    }

    public IEnumerable<NaiveDelivery> Ready(LaneKey lane) => Deliveries.Where(d => d.Lane == lane && d.Holder is null && d.Due <= Now);

    /// <summary>What goes next in each flow.</summary>
    public IEnumerable<NaiveDelivery> Heads(LaneKey lane) =>
        Ready(lane).GroupBy(d => d.Flow).Select(flow => flow.OrderBy(d => d.Due).ThenBy(d => d.Row).First());

    /// <returns>Null where the claim must be granted.</returns>
    public WaitReason? Refusal(ClaimRequest request)
    {
        var nothingDue = !Ready(request.Lane).Any();
        if (request.Session is { } id)
        {
            var session = Sessions.Find(s => s.Id == id && s.Node == request.Node && s.Lane == request.Lane);
            if (session is null)
                return WaitReason.SessionLost;
            if (!session.IsIdle)
                Widen(session.Lane);
            if (session.Granted >= limits.MessagesPerConnection)
                return WaitReason.SessionExhausted;
            session.IsIdle = nothingDue;
            return nothingDue ? WaitReason.NothingDue : null;
        }
        if (nothingDue)
            return WaitReason.NothingDue;
        if (IsPaused(request.Lane))
            return WaitReason.LanePaused;
        if (SessionsOf(request.Lane) >= WidthOf(request.Lane))
            return WaitReason.SiteTrouble;
        asked.Add(request.Lane);
        return HasRoom(request.Lane) ? null : WaitReason.ConnectionLimit;
    }

    public int GrantedCount(ClaimRequest request) => Math.Min(
        Math.Min(request.MostDeliveries, Ready(request.Lane).Count()),
        limits.MessagesPerConnection - (Sessions.Find(s => s.Id == request.Session)?.Granted ?? 0));

    public void Grant(ClaimRequest request, SessionId id, NaiveDelivery delivery)
    {
        var session = Sessions.Find(s => s.Id == id);
        if (session is null)
            Sessions.Add(session = new NaiveSession(id, request.Node, request.Lane));
        session.Granted++;
        delivery.Holder = id;
    }

    public SettleVerdict Settle(SessionId session, Settlement outcome)
    {
        if (Deliveries.Find(d => d.Id == outcome.Delivery) is not { } delivery)
            return SettleVerdict.Refused;
        if (delivery.Holder != session)
            return SettleLate(delivery, outcome);
        delivery.Holder = null;
        switch (outcome)
        {
            case Settlement.Done:
                Deliveries.Remove(delivery);
                break;
            case Settlement.Deferred deferred:
                delivery.Due = Now + deferred.After;
                delivery.Recipients = deferred.Remaining;
                delivery.Attempts += deferred.CountsAttempt ? 1 : 0;
                break;
            case Settlement.Rerouted rerouted:
                delivery.Lane = rerouted.To;
                break;
        }
        return SettleVerdict.Settled;
    }

    public void Release(SessionId id)
    {
        Sessions.RemoveAll(session => session.Id == id);
        foreach (var delivery in Deliveries.Where(d => d.Holder == id))
            delivery.Holder = null;
    }

    public int Reap(NodeId node)
    {
        var reaped = Sessions.Where(session => session.Node == node).ToList();
        var back = Deliveries.Where(d => reaped.Exists(session => session.Id == d.Holder)).ToList();
        back.ForEach(delivery => delivery.MayHaveBeenSent = true);
        reaped.ForEach(session => Release(session.Id));
        return back.Count;
    }

    public void Pause(LaneKey lane, TimeSpan pause) => pauses[lane] = Now + pause;

    public LaneTrouble Troubled(LaneKey lane)
    {
        var window = windows.GetValueOrDefault(lane) ?? new NaiveWindow(null, 0, null);
        if (IsPaused(lane) || Now - window.Died < TimeSpan.FromSeconds(5))
            return new LaneTrouble(1, 0);
        var open = Math.Max(1, SessionsOf(lane));
        var width = Math.Min(WidthOf(lane) ?? open, open) - 1;
        windows[lane] = window = width > 0
            ? window with { Width = width }
            : new NaiveWindow(1, window.Outages + 1, Now);
        return new LaneTrouble(window.Width!.Value, width > 0 ? 0 : window.Outages);
    }

    /// <summary>A lane that has nothing left is forgotten, with what was known of its site.</summary>
    public void Forget()
    {
        foreach (var lane in windows.Keys.Where(IsGone).ToList())
            windows.Remove(lane);
        asked.RemoveWhere(IsGone);

        bool IsGone(LaneKey lane) => Deliveries.TrueForAll(d => d.Lane != lane) && SessionsOf(lane) == 0 && !IsPaused(lane);
    }

    public void Restart()
    {
        pauses.Clear();
        windows.Clear();
        asked.Clear();
        Sessions.ToList().ForEach(session => Release(session.Id));
    }

    /// <summary>The lanes where a session gets something: an idle one, or a new one, for which an idle one of the site may have to
    /// go.</summary>
    public IEnumerable<LaneKey> Claimable() => Deliveries.Select(d => d.Lane).Distinct()
        .Where(lane => Ready(lane).Any() && CanMove(lane));

    private bool CanMove(LaneKey lane) =>
        Sessions.Exists(s => s.IsIdle && s.Lane == lane)
        || (!IsPaused(lane) && !(SessionsOf(lane) >= WidthOf(lane)) && (!asked.Contains(lane) || HasRoom(lane) || Sessions.Exists(s => s.IsIdle && AreOneSite(s.Lane, lane))));

    private bool IsPaused(LaneKey lane) => pauses.TryGetValue(lane, out var end) && end > Now;

    private int SessionsOf(LaneKey lane) => Sessions.Count(s => s.Lane == lane);

    private int? WidthOf(LaneKey lane) =>
        windows.GetValueOrDefault(lane)?.Width;

    private void Widen(LaneKey lane)
    {
        if (!windows.TryGetValue(lane, out var window))
            return;
        var more = WidthOf(lane) is { } width && width <= SessionsOf(lane) ? 1 : 0;
        windows[lane] = window with { Width = window.Width + more, Outages = 0, Died = null };
    }

    private bool HasRoom(LaneKey lane) =>
        Sessions.Count(s => AreOneSite(s.Lane, lane)) < limits.Connections;

    private static bool AreOneSite(LaneKey one, LaneKey other) => one.Provider == other.Provider && one.Site == other.Site;

    private SettleVerdict SettleLate(NaiveDelivery delivery, Settlement outcome)
    {
        if (outcome is not Settlement.Done { Sent: true })
            return SettleVerdict.Refused;
        if (delivery.Holder is not null)
        {
            delivery.MayHaveBeenSent = true;
            return SettleVerdict.Duplicate;
        }
        Deliveries.Remove(delivery);
        return SettleVerdict.SettledLate;
    }
}

/// <param name="Width">Null: none.</param>
/// <param name="Died">When all failed.</param>
internal sealed record NaiveWindow(int? Width, int Outages, DateTimeOffset? Died);

internal sealed class NaiveDelivery
{
    public required DeliveryId Id { get; init; }

    public required long Row { get; init; }

    public required FlowKey Flow { get; init; }

    public required LaneKey Lane { get; set; }

    public required DateTimeOffset Due { get; set; }

    public required IReadOnlyList<QueuedRecipient> Recipients { get; set; }

    public int Attempts { get; set; }

    public bool MayHaveBeenSent { get; set; }

    public SessionId? Holder { get; set; }
}

internal sealed class NaiveSession(SessionId id, NodeId node, LaneKey lane)
{
    public SessionId Id { get; } = id;

    public NodeId Node { get; } = node;

    public LaneKey Lane { get; } = lane;

    public int Granted { get; set; }

    public bool IsIdle { get; set; }
}
