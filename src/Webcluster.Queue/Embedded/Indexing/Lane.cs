using Webcluster.Queue.Lanes;

namespace Webcluster.Queue.Embedded.Indexing;

/// <summary>
/// One queue. Deliveries sleep by due time, and when due wait in their flow. The awake flow with the least virtual time gives the next
/// delivery; a flow that wakes starts at the lane's present virtual time, so it owes nothing and is owed nothing for its sleep.
/// </summary>
internal sealed class Lane
{
    private readonly Dictionary<FlowKey, Flow> flows = [];
    private readonly Heap<Flow> awake = new();
    private readonly Heap<Delivery> sleeping = new();
    private readonly FlowWeights weights;
    private long virtualTime;
    private long oldest = long.MaxValue;
    private bool oldestIsStale;

    public Lane(LaneKey key, Site site, FlowWeights weights, long number)
    {
        Key = key;
        Site = site;
        this.weights = weights;
        ByOldest = new HeapPlace<Lane>(this, number);
        ByNextDue = new HeapPlace<Lane>(this, number);
        ByPauseEnd = new HeapPlace<Lane>(this, number);
    }

    public LaneKey Key { get; }

    public Site Site { get; }

    /// <summary>Its place among the lanes that can be claimed.</summary>
    public HeapPlace<Lane> ByOldest { get; }

    /// <summary>Its place among the lanes with something scheduled.</summary>
    public HeapPlace<Lane> ByNextDue { get; }

    /// <summary>Its place among the paused lanes.</summary>
    public HeapPlace<Lane> ByPauseEnd { get; }

    public bool IsPaused => ByPauseEnd.IsPlaced;

    public int Ready { get; private set; }

    public int Scheduled => sleeping.Count;

    /// <summary>Held by sessions or in the writer's hands.</summary>
    public int Claimed { get; set; }

    public int Sessions { get; set; }

    /// <summary>Open sessions that wait for mail of this lane.</summary>
    public int IdleSessions { get; set; }

    /// <summary>
    /// A session can be extended or opened; where all slots are taken, an idle session of another lane of the site can be closed for this one.
    /// </summary>
    public bool CanMove => IdleSessions > 0 || (!IsPaused && (Site.HasRoom || Site.IdleSessions > 0));

    public int Total => Ready + Scheduled + Claimed;

    /// <summary>When the next scheduled delivery is due, in UTC ticks; null where none is scheduled.</summary>
    public long? NextDue => sleeping.Top?.Key;

    /// <summary>When the longest waiting ready delivery became due; null where none is ready.</summary>
    public long? OldestReady
    {
        get
        {
            if (oldestIsStale)
                FindOldest();
            return Ready == 0 ? null : oldest;
        }
    }

    public Flow FlowOf(FlowKey key)
    {
        if (!flows.TryGetValue(key, out var flow))
            flows.Add(key, flow = new Flow(this, key, weights.Of(key.Class)));
        return flow;
    }

    /// <summary>Lets a delivery wait in its flow until it is due, or be ready where it is.</summary>
    public void Wait(Delivery delivery, long due, long now)
    {
        if (due > now)
        {
            delivery.State = DeliveryState.Scheduled;
            sleeping.Set(delivery, due);
        }
        else
        {
            MakeReady(delivery, due);
        }
    }

    /// <summary>Makes ready what has become due.</summary>
    public void Promote(long now)
    {
        while (sleeping.Top is { } next && next.Key <= now)
        {
            sleeping.Remove(next);
            MakeReady(next, next.Key);
        }
    }

    /// <summary>Takes out the delivery whose turn it is.</summary>
    /// <returns>Null where none is ready.</returns>
    public Delivery? Take()
    {
        if (awake.Top is not { } flow)
            return null;
        var delivery = flow.Ready.Top!;
        virtualTime = flow.Key;
        awake.Set(flow, flow.Key + flow.Step);
        RemoveReady(delivery);
        return delivery;
    }

    /// <summary>Takes out a delivery that waits, out of turn.</summary>
    public void Withdraw(Delivery delivery)
    {
        if (delivery.State is DeliveryState.Scheduled)
            sleeping.Remove(delivery);
        else
            RemoveReady(delivery);
    }

    private void MakeReady(Delivery delivery, long due)
    {
        var flow = delivery.Flow;
        delivery.State = DeliveryState.Ready;
        flow.Ready.Set(delivery, due);
        Ready++;
        oldest = Math.Min(oldest, due);
        if (flow.Ready.Count == 1)
            awake.Set(flow, Math.Max(flow.Key, virtualTime));
    }

    private void RemoveReady(Delivery delivery)
    {
        var flow = delivery.Flow;
        flow.Ready.Remove(delivery);
        Ready--;
        oldestIsStale |= delivery.Key == oldest;
        if (flow.Ready.Count == 0)
            awake.Remove(flow);
    }

    private void FindOldest()
    {
        oldest = long.MaxValue;
        foreach (var flow in awake.Items)
            oldest = Math.Min(oldest, flow.Ready.Top!.Key);
        oldestIsStale = false;
    }
}
