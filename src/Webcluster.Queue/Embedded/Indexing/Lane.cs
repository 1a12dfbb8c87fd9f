using Webcluster.Queue.Lanes;
using Webcluster.Queue.Sessions;

namespace Webcluster.Queue.Embedded.Indexing;

/// <summary>
/// One queue. Deliveries sleep by due time, and when due wait in their flow. The awake flow with the least virtual time gives the next
/// delivery; a flow that wakes starts at the lane's present virtual time, so it owes nothing and is owed nothing for its sleep.
/// </summary>
internal sealed class Lane
{
    private readonly Dictionary<FlowKey, Flow> _flows = [];
    private readonly Heap<Flow> _awake = new();
    private readonly Heap<Delivery> _sleeping = new();
    private readonly FlowWeights _weights;
    private long _virtualTime;
    private long _oldest = long.MaxValue;
    private bool _oldestIsStale;

    public Lane(LaneKey key, Site site, FlowWeights weights, long number)
    {
        Key = key;
        Name = key.ToString();
        Site = site;
        _weights = weights;
        ByOldest = new HeapPlace<Lane>(this, number);
        ByNextDue = new HeapPlace<Lane>(this, number);
        ByPauseEnd = new HeapPlace<Lane>(this, number);
    }

    public LaneKey Key { get; }

    /// <summary>As rules name it.</summary>
    public string Name { get; }

    public Site Site { get; }

    /// <summary>The rule that lets nothing of it be claimed.</summary>
    public ActiveRule? Stopper { get; set; }

    /// <summary>Its place among the lanes that can be claimed.</summary>
    public HeapPlace<Lane> ByOldest { get; }

    /// <summary>Its place among the lanes with something scheduled.</summary>
    public HeapPlace<Lane> ByNextDue { get; }

    /// <summary>Its place among the paused lanes.</summary>
    public HeapPlace<Lane> ByPauseEnd { get; }

    public bool IsPaused => ByPauseEnd.IsPlaced;

    public SessionWindow Window { get; } = new();

    public required Provider Provider { get; init; }

    /// <summary>Why its provider gives it nothing; null: it does not wait for that.</summary>
    public WaitReason? ProviderRefuses { get; set; }

    public int Ready { get; private set; }

    public int Scheduled => _sleeping.Count;

    /// <summary>Held by sessions or in the writer's hands.</summary>
    public int Claimed { get; set; }

    /// <summary>Set aside by rules.</summary>
    public int Held { get; set; }

    public int Sessions { get; set; }

    /// <summary>Open sessions that wait for mail of this lane.</summary>
    public int IdleSessions { get; set; }

    /// <summary>Somebody can send mail of its pool.</summary>
    public bool IsServed { get; set; } = true;

    /// <summary>How many connections its site stands, as its last claim said: pools may differ. Null: not known, a claim tells.</summary>
    public int? Connections { get; set; }

    public bool HasRoom => Connections is not { } most || Site.Sessions < most;

    /// <summary>
    /// Its provider may have something for it, and a session can be extended or opened; where all slots are taken, an idle session of
    /// another lane of the site can be closed for this one.
    /// </summary>
    public bool CanMove =>
        IsServed && Stopper is null && ProviderRefuses is null
        && (IdleSessions > 0 || (!IsPaused && !Window.IsFull(Sessions) && (HasRoom || Site.IdleSessions > 0)));

    public int Total => Ready + Scheduled + Claimed + Held;

    /// <summary>When the next scheduled delivery is due, in UTC ticks; null where none is scheduled.</summary>
    public long? NextDue => _sleeping.Top?.Key;

    /// <summary>When the first delivery that waits is or was due; null where none waits.</summary>
    public long? FirstDue => OldestReady < (NextDue ?? long.MaxValue) ? OldestReady : NextDue;

    /// <summary>When the longest waiting ready delivery became due; null where none is ready.</summary>
    public long? OldestReady
    {
        get
        {
            if (_oldestIsStale)
                FindOldest();
            return Ready == 0 ? null : _oldest;
        }
    }

    public Flow FlowOf(FlowKey key)
    {
        if (!_flows.TryGetValue(key, out var flow))
            _flows.Add(key, flow = new Flow(this, key, _weights.Of(key.Class)));
        return flow;
    }

    /// <summary>Lets a delivery wait in its flow until it is due, or be ready where it is.</summary>
    public void Wait(Delivery delivery, long due, long now)
    {
        if (due > now)
        {
            delivery.State = DeliveryState.Scheduled;
            _sleeping.Set(delivery, due);
        }
        else
        {
            MakeReady(delivery, due);
        }
    }

    /// <summary>Makes ready what has become due.</summary>
    public void Promote(long now)
    {
        while (_sleeping.Top is { } next && next.Key <= now)
        {
            _sleeping.Remove(next);
            MakeReady(next, next.Key);
        }
    }

    /// <summary>The delivery whose turn it is; null where none is ready.</summary>
    public Delivery? Next => _awake.Top?.Ready.Top;

    /// <summary>Takes out the delivery whose turn it is.</summary>
    /// <returns>Null where none is ready.</returns>
    public Delivery? Take()
    {
        if (_awake.Top is not { } flow)
            return null;
        var delivery = flow.Ready.Top!;
        _virtualTime = flow.Key;
        _awake.Set(flow, flow.Key + flow.Step);
        RemoveReady(delivery);
        return delivery;
    }

    /// <summary>Takes out a delivery that waits, out of turn.</summary>
    public void Withdraw(Delivery delivery)
    {
        if (delivery.State is DeliveryState.Scheduled)
            _sleeping.Remove(delivery);
        else
            RemoveReady(delivery);
    }

    private void MakeReady(Delivery delivery, long due)
    {
        var flow = delivery.Flow;
        delivery.State = DeliveryState.Ready;
        flow.Ready.Set(delivery, due);
        Ready++;
        _oldest = Math.Min(_oldest, due);
        if (flow.Ready.Count == 1)
            _awake.Set(flow, Math.Max(flow.Key, _virtualTime));
    }

    private void RemoveReady(Delivery delivery)
    {
        var flow = delivery.Flow;
        flow.Ready.Remove(delivery);
        Ready--;
        _oldestIsStale |= delivery.Key == _oldest;
        if (flow.Ready.Count == 0)
            _awake.Remove(flow);
    }

    private void FindOldest()
    {
        _oldest = long.MaxValue;
        foreach (var flow in _awake.Items)
            _oldest = Math.Min(_oldest, flow.Ready.Top!.Key);
        _oldestIsStale = false;
    }
}
