using Webcluster.Node.Webhooks.Payloads;
using Webcluster.Node.Webhooks.Sending;
using Webcluster.Node.Webhooks.State;
using Webcluster.Queue.Events;

namespace Webcluster.Node.Webhooks.Pump;

/// <summary>
/// What one endpoint has to be sent, without sending it: which parcel goes next, and what its outcome changes. Of each message one event
/// is under way at a time, in their order: what follows about a message waits while one is under way or parked. Not safe for concurrent
/// use.
/// </summary>
internal sealed class EndpointWork(WebhookEndpoint endpoint, EndpointState state, RetrySteps steps, WebhookLog log)
{
    public const int MostFlights = 8;

    private const int MostTests = 10;
    private const int MostAttempts = 50;

    private static readonly TimeSpan WithoutRoom = TimeSpan.FromSeconds(5);

    private readonly ParcelWriter _writer = new(endpoint.Batch);
    private readonly List<Flight> _flights = [];
    private readonly HashSet<string> _busy = new(StringComparer.Ordinal);
    private readonly Queue<Parcel> _tests = new();
    private Page? _page;
    private bool _parkedProbed;

    // When the last event of a page happened behind which the log has more.
    private DateTimeOffset? _unread;

    public EndpointHealth Health { get; } = new(endpoint.Name, state, log);

    public IReadOnlyList<Flight> Flights => _flights;

    public Standing Standing => new(state.Parked.All.Count, Oldest(), state.Disabled is not null);

    /// <summary>Whether all of the page is done with: there may be more behind it.</summary>
    public bool IsPageDone => _page is { Pending.Count: 0 } page && !_flights.Exists(flight => flight.Page == page);

    /// <summary>Whether there is nothing to send but what the log may have.</summary>
    public bool NeedsPage(DateTimeOffset now) =>
        _page is null && state.Disabled is null && !(state.Rest?.Until > now);

    /// <summary>When something that waits may go; null: nothing waits for a time to come.</summary>
    public DateTimeOffset? NextDue(DateTimeOffset now)
    {
        if (state.Disabled is not null) return null;
        if (state.Rest is { } rest && rest.Until > now) return rest.Until;
        DateTimeOffset? next = _page?.NotBefore > now ? _page.NotBefore : null;
        foreach (var head in state.Parked.Heads())
            if (head.Due > now && !(head.Due >= next))
                next = head.Due;
        return next;
    }

    /// <summary>The parcel to be sent now; null: none. It is under way from here on, until <see cref="Settle"/>.</summary>
    public Flight? Next(DateTimeOffset now)
    {
        if (_flights.Count == MostFlights) return null;
        if (_tests.TryDequeue(out var test)) return Begin(new Flight(test) { IsTest = true });
        if (state.Disabled is not null) return null;
        if (state.Rest is { } rest && (rest.Until > now || _flights.Count > 0)) return null;
        return Health.IsResting ? NextProbe(now) : NextParked(now) ?? NextOfPage(now);
    }

    /// <summary>What came of a parcel.</summary>
    public void Settle(Flight flight, SendResult result, DateTimeOffset now)
    {
        End(flight);
        Note(flight.Parcel, result, now);
        if (flight.IsTest) return;
        switch (result.Verdict)
        {
            case SendVerdict.Taken:
                state.Delivered += flight.Parcel.Events.Count;
                if (flight.Page is null) state.Parked.Remove(flight.Parcel);
                else flight.Page.Position.Ahead.UnionWith(flight.Parcel.Events);
                Health.Took(flight.IsProbe);
                break;
            case SendVerdict.Gone:
                Keep(flight, counts: false, now);
                Health.Disable("it answered 410 Gone", now);
                break;
            default:
                Keep(flight, counts: Blames(flight, result), now);
                Health.Failed(flight, result, now);
                break;
        }
    }

    /// <summary>Was not sent to its end, and is still to be.</summary>
    public void End(Flight flight)
    {
        _flights.Remove(flight);
        _busy.ExceptWith(flight.Parcel.Messages);
    }

    /// <param name="replay">Null: what happens now.</param>
    /// <param name="isFull">The page has as many events as were asked for.</param>
    public void Take(EventPage read, Replay? replay, bool isFull)
    {
        var position = replay?.Position ?? state.Live;
        var pending = read.Events
            .Where(one => endpoint.Wants(one.Event) && replay?.Wants(one) != false && !position.Ahead.Contains(one.Id))
            .ToList();
        if (replay is not null) replay.Found += pending.Count;
        else TakeLive(read, isFull);
        _page = new Page(position, read, pending)
        {
            Replay = replay, IsLast = replay?.EndsWith(read.Events, isFull) == true || read.Cursor == position.Cursor,
        };
    }

    /// <summary>The log has no more for now.</summary>
    public void ReachEnd() => _unread = null;

    /// <summary>Goes on behind the page once all of it is done with.</summary>
    /// <returns>Whether it was.</returns>
    public bool FinishPage()
    {
        if (!IsPageDone) return false;
        _page!.Position.MoveTo(_page.Next);
        if (_page is { Replay: { } replay, IsLast: true })
        {
            state.Replays.Remove(replay);
            log.Replayed(endpoint.Name, replay.Found);
        }

        _page = null;
        return true;
    }

    public void Test(DateTimeOffset now)
    {
        if (_tests.Count < MostTests) _tests.Enqueue(_writer.Test(endpoint.Name, now));
    }

    private void TakeLive(EventPage read, bool isFull)
    {
        // Behind a full page there are more, which may be wanted.
        _unread = isFull ? read.Events[^1].Event.At : null;
        if (read.Missed == 0) return;
        state.Missed += read.Missed;
        log.Missed(endpoint.Name, read.Missed);
    }

    private Flight Begin(Flight flight)
    {
        _flights.Add(flight);
        _busy.UnionWith(flight.Parcel.Messages);
        return flight;
    }

    /// <summary>
    /// A probe's failure says nothing against the event. Nor does a plea for time; but what was parked before and begins a rest again,
    /// while others were taken, is to follow the schedule like what is refused.
    /// </summary>
    private bool Blames(Flight flight, SendResult result) =>
        !Health.IsResting && (result.Verdict != SendVerdict.SlowDown || flight.Page is null);

    /// <summary>What is parked and what is not, in turn: an event that is never taken is not to keep the others.</summary>
    private Flight? NextProbe(DateTimeOffset now)
    {
        var probe = _parkedProbed ? NextOfPage(now) ?? NextParked(now) : NextParked(now) ?? NextOfPage(now);
        if (probe is not null) _parkedProbed = probe.Page is null;
        return probe;
    }

    private Flight? NextParked(DateTimeOffset now)
    {
        var free = state.Parked.Heads().Where(head => head.Due <= now && !IsUnderWay(head.Parcel));
        // Probes take turns among these too.
        var one = Health.IsResting ? free.MinBy(head => head.Due) : free.FirstOrDefault();
        return one is null ? null : Begin(new Flight(one.Parcel) { IsProbe = Health.IsResting });
    }

    private Flight? NextOfPage(DateTimeOffset now)
    {
        if (_page is not { } page || page.NotBefore > now) return null;
        var free = Free(page);
        // During a rest the page can wait, so that little is parked; unless all that is left of it follows what is.
        if (!Health.IsResting || free.Count == 0) ParkFollowers(page, now);
        if (free.Count == 0) return null;
        var parcel = _writer.Pack(free);
        var events = free.GetRange(0, parcel.Events.Count);
        page.Pending.RemoveAll(new HashSet<StoredEvent>(events, ReferenceEqualityComparer.Instance).Contains);
        return Begin(new Flight(parcel) { Page = page, Events = events, IsProbe = Health.IsResting });
    }

    /// <summary>So that a page ends although of some of its messages something is parked.</summary>
    private void ParkFollowers(Page page, DateTimeOffset now)
    {
        if (state.Parked.All.Count == 0) return;
        var full = false;
        page.Pending.RemoveAll(one =>
        {
            if (full || !state.Parked.Holds(one.Event.Message)) return false;
            full = !TryPark(new ParkedParcel(_writer.Pack([one]), 0, now));
            if (!full) page.Position.Ahead.Add(one.Id);
            return !full;
        });
    }

    /// <summary>The first events of the page that nothing is before, at most a batch.</summary>
    private List<StoredEvent> Free(Page page)
    {
        var free = new List<StoredEvent>();
        var before = new HashSet<string>(_busy, StringComparer.Ordinal);
        foreach (var one in page.Pending)
        {
            if (one.Event.Message is { } message && (before.Contains(message) || state.Parked.Holds(message))) continue;
            free.Add(one);
            if (free.Count == endpoint.Batch) break;
        }

        return free;
    }

    /// <param name="counts">Whether it is one of the attempts that the event has.</param>
    private void Keep(Flight flight, bool counts, DateTimeOffset now)
    {
        var parked = flight.Page is null ? state.Parked.Find(flight.Parcel) : new ParkedParcel(flight.Parcel, 0, now);
        // It had to make room meanwhile.
        if (parked is null) return;
        var failures = parked.Failures + (counts ? 1 : 0);
        var wait = counts ? steps.After(failures) : TimeSpan.Zero;
        if (wait is null) GiveUp(parked with { Failures = failures });
        else if (flight.Page is not { } page) state.Parked.Replace(parked, failures, now + wait.Value);
        else if (TryPark(parked with { Failures = failures, Due = now + wait.Value })) page.Position.Ahead.UnionWith(flight.Parcel.Events);
        else
        {
            page.Pending.InsertRange(0, flight.Events);
            page.NotBefore = now + WithoutRoom;
        }
    }

    private bool TryPark(ParkedParcel one)
    {
        var added = state.Parked.TryAdd(one, out var madeWay);
        if (madeWay is not null) GiveUp(madeWay);
        return added;
    }

    private void GiveUp(ParkedParcel parked)
    {
        state.Parked.Remove(parked.Parcel);
        state.GivenUp += parked.Parcel.Events.Count;
        log.GivenUp(endpoint.Name, parked.Parcel, parked.Failures);
    }

    private bool IsUnderWay(Parcel parcel) =>
        parcel.Messages.Any(_busy.Contains) || _flights.Exists(flight => ReferenceEquals(flight.Parcel, parcel));

    private void Note(Parcel parcel, SendResult result, DateTimeOffset now)
    {
        log.Sent(endpoint.Name, parcel, result);
        if (state.Attempts.Count == MostAttempts) state.Attempts.RemoveAt(0);
        var took = (long)result.Took.TotalMilliseconds;
        state.Attempts.Add(
            new Attempt(now - result.Took, parcel.Id, parcel.Type, parcel.Events.Count, result.Status, result.Error, took));
    }

    /// <summary>What is replayed is old, and late for nobody.</summary>
    private DateTimeOffset? Oldest()
    {
        var flying = _flights.Where(flight => flight.Page?.Replay is null).Select(flight => flight.Parcel.At);
        var pending = _page is { Replay: null } page ? page.Pending.Take(1).Select(one => one.Event.At) : [];
        return state.Parked.All.Select(one => one.Parcel.At).Concat(flying).Concat(pending).Select(at => (DateTimeOffset?)at)
            .Append(_unread).Min();
    }
}
