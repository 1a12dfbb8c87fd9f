using Webcluster.Queue.Embedded.Storage;
using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Sessions;

namespace Webcluster.Queue.Embedded.Indexing;

/// <summary>
/// All that is known of what the file holds, and who has claimed it. Every member wants <see cref="Gate"/> held. Changes that must be
/// durable are made by the writer after its commit, so the index never runs ahead of the file; claims live here alone and end with the
/// process.
/// </summary>
internal sealed partial class QueueIndex : IDisposable
{
    private readonly EmbeddedQueueOptions options;
    private readonly TimeProvider time;
    private readonly ContentQuota quota;
    private readonly Dictionary<MessageId, QueuedMessage> messages = [];
    private readonly Dictionary<LaneKey, Lane> lanes = [];
    private readonly Dictionary<SiteKey, Site> sites = [];
    private readonly Dictionary<SessionId, Session> sessions = [];
    private readonly Heap<HeapPlace<Lane>> claimable = new();
    private readonly Heap<HeapPlace<Lane>> scheduled = new();
    private readonly Heap<HeapPlace<Lane>> paused = new();
    private readonly HotCache hot;
    private readonly NodeTable nodes;
    private readonly WakeSignal wake;
    private long lanesMade;

    public QueueIndex(EmbeddedQueueOptions options, TimeProvider time, ContentQuota quota)
    {
        this.options = options;
        this.time = time;
        this.quota = quota;
        hot = new HotCache(options.HotOctets);
        nodes = new NodeTable(time, options.NodeExpiry);
        wake = new WakeSignal(time, Gate);
    }

    public Lock Gate { get; } = new();

    public int Messages => messages.Count;

    public long ContentOctets { get; private set; }

    private long Now => time.GetUtcNow().UtcTicks;

    public QueuedMessage? Find(MessageId id) => messages.GetValueOrDefault(id);

    /// <summary>Takes in a stored delivery, with its message where it is the first of it.</summary>
    public void Load(in DeliveryRow row)
    {
        if (!messages.TryGetValue(row.Id.Message, out var message))
            Take(message = new QueuedMessage(row.Id.Message, row.MessageRow, row.AcceptedAt, row.ExpiresAt, row.ContentOctets));
        var lane = LaneOf(row.Lane);
        var delivery = new Delivery(message, lane.FlowOf(row.Flow), row.Row, row.Due, row.Id.Ordinal)
        {
            Attempts = row.Attempts,
            MayHaveBeenSent = row.MayHaveBeenSent,
        };
        message.Add(delivery);
        lane.Wait(delivery, row.Due, Now);
        Refresh(lane);
    }

    /// <summary>Takes in a message that was stored just now.</summary>
    public void Add(NewMessage stored, ReadOnlySpan<DeliveryRow> rows)
    {
        foreach (ref readonly var row in rows)
            Load(row);
        if (rows[0].Due <= Now)
            hot.Add(messages[stored.Id], stored);
    }

    /// <summary>Up to so many lanes where a claim can succeed, earliest due first; empty where there is none.</summary>
    public IReadOnlyList<LaneKey> Claimable(int most)
    {
        CatchUp(Now);
        var taken = new List<HeapPlace<Lane>>();
        while (taken.Count < most && claimable.Top is { } next)
        {
            claimable.Remove(next);
            taken.Add(next);
        }
        foreach (var place in taken)
            claimable.Set(place, place.Key);
        return taken.ConvertAll(place => place.Owner.Key);
    }

    /// <summary>Ends when a lane may have become claimable.</summary>
    public Task WaitForChange()
    {
        var next = Math.Min(scheduled.Top?.Key ?? long.MaxValue, paused.Top?.Key ?? long.MaxValue);
        return wake.Wait(Now, next);
    }

    /// <summary>Names the lane to nobody until then, and opens no session for it.</summary>
    public void Pause(LaneKey key, TimeSpan pause)
    {
        var lane = LaneOf(key);
        if (pause > TimeSpan.Zero)
            paused.Set(lane.ByPauseEnd, After(pause));
        else
            paused.Remove(lane.ByPauseEnd);
        Refresh(lane);
    }

    /// <summary>Lets the one who waits look again.</summary>
    public void Rouse() => wake.Set();

    public void Dispose() => wake.Dispose();

    private void Take(QueuedMessage message)
    {
        messages.Add(message.Id, message);
        ContentOctets += message.ContentOctets;
    }

    private Lane LaneOf(LaneKey key)
    {
        if (lanes.TryGetValue(key, out var lane))
            return lane;
        var siteKey = new SiteKey(key.Provider, key.Site);
        if (!sites.TryGetValue(siteKey, out var site))
            sites.Add(siteKey, site = new Site(siteKey, options.SiteLimits.Connections));
        lane = new Lane(key, site, options.Weights, ++lanesMade);
        site.Lanes.Add(lane);
        lanes.Add(key, lane);
        return lane;
    }

    /// <summary>Lets time pass: what is due becomes ready, and pauses end.</summary>
    private void CatchUp(long now)
    {
        while (scheduled.Top is { } next && next.Key <= now)
        {
            next.Owner.Promote(now);
            Refresh(next.Owner);
        }
        while (paused.Top is { } over && over.Key <= now)
        {
            paused.Remove(over);
            Refresh(over.Owner);
        }
    }

    private long After(TimeSpan wait) => Now + Math.Clamp(wait.Ticks, 0, DateTimeOffset.MaxValue.UtcTicks - Now);

    /// <summary>
    /// To be called after any change to a lane: puts it where it now belongs among the lanes, or forgets it, and wakes who waits for it.
    /// </summary>
    private void Refresh(Lane lane)
    {
        if (lane.CanMove && lane.OldestReady is { } oldest)
        {
            claimable.Set(lane.ByOldest, oldest);
            wake.Set();
        }
        else
        {
            claimable.Remove(lane.ByOldest);
        }
        if (lane.NextDue is { } due)
        {
            scheduled.Set(lane.ByNextDue, due);
            wake.Sooner(due);
        }
        else
        {
            scheduled.Remove(lane.ByNextDue);
        }
        if (lane is { Total: 0, Sessions: 0, IsPaused: false })
            Forget(lane);
    }

    private void Forget(Lane lane)
    {
        lanes.Remove(lane.Key);
        lane.Site.Lanes.Remove(lane);
        if (lane.Site.Lanes.Count == 0)
            sites.Remove(lane.Site.Key);
    }
}
