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
    private readonly EmbeddedQueueOptions _options;
    private readonly TimeProvider _time;
    private readonly ContentQuota _quota;
    private readonly MessagesById _messages = new();
    private readonly Dictionary<LaneKey, Lane> _lanes = [];
    private readonly Dictionary<SiteKey, Site> _sites = [];
    private readonly Dictionary<SessionId, Session> _sessions = [];
    private readonly Heap<HeapPlace<Lane>> _claimable = new();
    private readonly Heap<HeapPlace<Lane>> _scheduled = new();
    private readonly Heap<HeapPlace<Lane>> _paused = new();
    private readonly HotCache _hot;
    private readonly WordPool _words = new();
    private readonly NodeTable _nodes;
    private readonly WakeSignal _wake;
    private long _lanesMade;

    public QueueIndex(EmbeddedQueueOptions options, TimeProvider time, ContentQuota quota)
    {
        _options = options;
        _time = time;
        _quota = quota;
        _hot = new HotCache(_options.HotOctets);
        _nodes = new NodeTable(_time, _options.NodeExpiry);
        _wake = new WakeSignal(_time, Gate);
    }

    public Lock Gate { get; } = new();

    public int Messages => _messages.Count;

    public long ContentOctets { get; private set; }

    private long Now => _time.GetUtcNow().UtcTicks;

    public QueuedMessage? Find(MessageId id) => _messages.Find(id);

    /// <summary>Takes in a stored delivery, with its message where it is the first of it.</summary>
    public void Load(in DeliveryRow row)
    {
        if (_messages.Find(row.Id.Message) is not { } message)
            Take(message = new QueuedMessage(row.Id.Message, row.MessageRow, row.AcceptedAt, row.ExpiresAt, row.ContentOctets)
            {
                Tags = _words.Of(row.Tags),
            });
        var lane = LaneOf(row.Lane);
        var delivery = new Delivery(message, lane.FlowOf(row.Flow), row.Row, row.Due, row.Id.Ordinal)
        {
            Attempts = row.Attempts,
            MayHaveBeenSent = row.MayHaveBeenSent,
            Domains = _words.Of(row.Domains),
            Bounce = row.Bounce,
        };
        message.Add(delivery);
        Enter(delivery, row.Due);
        Refresh(lane);
    }

    /// <summary>Takes in a message that was stored just now.</summary>
    public void Add(NewMessage stored, ReadOnlySpan<DeliveryRow> rows)
    {
        foreach (ref readonly var row in rows)
            Load(row);
        if (rows[0].Due <= Now)
            _hot.Add(_messages.Find(stored.Id)!, stored);
    }

    /// <summary>Up to so many lanes where a claim can succeed, earliest due first; empty where there is none.</summary>
    public IReadOnlyList<LaneKey> Claimable(int most)
    {
        CatchUp(Now);
        AskProviders(Now);
        var taken = new List<HeapPlace<Lane>>();
        while (taken.Count < most && _claimable.Top is { } next)
        {
            _claimable.Remove(next);
            taken.Add(next);
        }
        foreach (var place in taken)
            _claimable.Set(place, place.Key);
        return taken.ConvertAll(place => place.Owner.Key);
    }

    /// <summary>Ends when a lane may have become claimable.</summary>
    public Task WaitForChange()
    {
        long?[] nexts = [_scheduled.Top?.Key, _paused.Top?.Key, _giving.Top?.Key, _elsewhere.Top?.Key, _rules.NextEnd];
        return _wake.Wait(Now, nexts.Min() ?? long.MaxValue);
    }

    /// <summary>Names the lane to nobody until then, and opens no session for it.</summary>
    public void Pause(LaneKey key, TimeSpan pause)
    {
        var lane = LaneOf(key);
        if (pause > TimeSpan.Zero)
            _paused.Set(lane.ByPauseEnd, After(pause));
        else
            _paused.Remove(lane.ByPauseEnd);
        Refresh(lane);
    }

    public LaneTrouble Troubled(LaneKey key)
    {
        CatchUp(Now);
        var lane = LaneOf(key);
        var trouble = lane.Window.Narrow(lane.Sessions, lane.IsPaused, Now);
        Refresh(lane);
        return trouble;
    }

    /// <summary>Lets the one who waits look again.</summary>
    public void Rouse() => _wake.Set();

    public void Dispose() => _wake.Dispose();

    private void Take(QueuedMessage message)
    {
        _messages.Add(message);
        ContentOctets += message.ContentOctets;
    }

    private Lane LaneOf(LaneKey key)
    {
        if (_lanes.TryGetValue(key, out var lane))
            return lane;
        var siteKey = new SiteKey(key.Provider, key.Site);
        if (!_sites.TryGetValue(siteKey, out var site))
            _sites.Add(siteKey, site = new Site(siteKey));
        lane = new Lane(key, site, _options.Weights, ++_lanesMade) { Provider = ProviderOf(key.Provider) };
        lane.Provider.Lanes++;
        lane.Stopper = _rules.StopperOf(lane);
        lane.IsServed = IsServed(lane);
        site.Lanes.Add(lane);
        _lanes.Add(key, lane);
        return lane;
    }

    /// <summary>Lets time pass: what is due becomes ready, pauses and rules end.</summary>
    public void CatchUp() => CatchUp(Now);

    private void CatchUp(long now)
    {
        EndOverdueRules(now);
        while (_scheduled.Top is { } next && next.Key <= now)
        {
            next.Owner.Promote(now);
            Refresh(next.Owner);
        }
        while (_paused.Top is { } over && over.Key <= now)
        {
            _paused.Remove(over);
            Refresh(over.Owner);
        }
        ForgetProviders(now);
    }

    private long After(TimeSpan wait) => Now + Math.Clamp(wait.Ticks, 0, DateTimeOffset.MaxValue.UtcTicks - Now);

    /// <summary>
    /// To be called after any change to a lane: puts it where it now belongs among the lanes, or forgets it, and wakes who waits for it.
    /// </summary>
    private void Refresh(Lane lane)
    {
        if (lane.CanMove && lane.OldestReady is { } oldest)
        {
            _claimable.Set(lane.ByOldest, oldest);
            _wake.Set();
        }
        else
        {
            _claimable.Remove(lane.ByOldest);
        }
        if (lane.NextDue is { } due)
        {
            _scheduled.Set(lane.ByNextDue, due);
            _wake.Sooner(due);
        }
        else
        {
            _scheduled.Remove(lane.ByNextDue);
        }
        if (lane is { Total: 0, Sessions: 0, IsPaused: false })
            Forget(lane);
    }

    private void Forget(Lane lane)
    {
        _lanes.Remove(lane.Key);
        lane.Site.Lanes.Remove(lane);
        StopWaiting(lane);
        Leave(lane.Provider);
        if (lane.Site.Lanes.Count == 0)
            _sites.Remove(lane.Site.Key);
    }
}
