using Webcluster.Node.Webhooks.Sending;
using Webcluster.Node.Webhooks.State;
using Webcluster.Queue;

namespace Webcluster.Node.Webhooks.Pump;

/// <summary>
/// Sends to one endpoint while this node holds it. One loop owns all there is; requests run beside it and are waited for in it. What was
/// taken since the state was last stored is sent again by whoever holds the endpoint next, under the same ids.
/// </summary>
internal sealed class HeldEndpoint(
    WebhookEndpoint endpoint, EndpointParts parts, FeedLease lease, WebhookSender sender, TimeProvider time) : IAsyncDisposable
{
    // Wishes are seen, and the lease is kept, this often.
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BetweenSaves = TimeSpan.FromSeconds(1);

    // Where only the cursor moved: it costs a look at old events.
    private static readonly TimeSpan BetweenIdleSaves = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AfterStoreTrouble = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _abandon = new();
    private DateTimeOffset _nextLook;
    private DateTimeOffset _saved;
    private DateTimeOffset _storeAwayUntil;
    private bool _moved;
    private bool _settled = true;

    private EndpointState State => parts.State;

    private EndpointWork Work => parts.Work;

    /// <summary>Until the node stops, or the endpoint is another's.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested && lease.IsSure)
            if (!await RoundAsync(stopping))
                return;
        if (lease.IsSure) await EndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _abandon.CancelAsync();
        foreach (var flight in Work.Flights) await Task.WhenAny(flight.Sending!);
        parts.Log.Metrics.Left(endpoint.Name);
        _abandon.Dispose();
    }

    /// <returns>False where another node has it.</returns>
    private async Task<bool> RoundAsync(CancellationToken stopping)
    {
        var now = time.GetUtcNow();
        await SettleAsync(now);
        if (now >= _storeAwayUntil && !await AskStoreAsync(now)) return false;
        while (Work.Next(now) is { } flight) flight.Sending = sender.SendAsync(flight.Parcel, _abandon.Token);
        parts.Log.Metrics.Stands(endpoint.Name, Work.Standing);
        await WaitAsync(now, stopping);
        return true;
    }

    private async Task SettleAsync(DateTimeOffset now)
    {
        foreach (var flight in Work.Flights.Where(flight => flight.Sending!.IsCompleted).ToList())
        {
            Work.Settle(flight, await flight.Sending!, now);
            _settled = true;
        }
    }

    /// <returns>False where another node has it.</returns>
    private async ValueTask<bool> AskStoreAsync(DateTimeOffset now)
    {
        try
        {
            if ((now >= _nextLook || lease.IsUnsure) && !await LookAsync(now)) return false;
            var finished = Work.FinishPage();
            _moved |= finished;
            if (Work.NeedsPage(now)) await parts.Reader.ReadAsync(Work, now, _abandon.Token);
            return !IsToSave(now, finished) || await SaveAsync(now);
        }
        catch (QueueUnavailableException away)
        {
            parts.Log.StoreAway(endpoint.Name, away.Message);
            _storeAwayUntil = now + AfterStoreTrouble;
            return true;
        }
    }

    private async ValueTask<bool> LookAsync(DateTimeOffset now)
    {
        if (await lease.KeepAsync(_abandon.Token) is not { } wishes) return false;
        foreach (var wish in wishes)
        {
            parts.Wishes.Grant(wish, now);
            (_settled, _saved) = (true, DateTimeOffset.MinValue);
        }

        _nextLook = now + BetweenLooks;
        return true;
    }

    private bool IsToSave(DateTimeOffset now, bool finished) =>
        _settled ? finished || now >= _saved + BetweenSaves : _moved && now >= _saved + BetweenIdleSaves;

    private async ValueTask<bool> SaveAsync(DateTimeOffset now)
    {
        State.Revision++;
        if (!await lease.SaveAsync(EndpointStateJson.Encode(State), _abandon.Token)) return false;
        (_settled, _moved, _saved) = (false, false, now);
        return true;
    }

    private async Task WaitAsync(DateTimeOffset now, CancellationToken stopping)
    {
        var until = _nextLook;
        if (_settled) Earlier(_saved + BetweenSaves);
        else if (_moved) Earlier(_saved + BetweenIdleSaves);
        if (Work.NeedsPage(now)) Earlier(State.Replays.Count > 0 ? now : parts.Reader.NextRead);
        // Nothing of it was wanted: the next is read at once, however many it takes.
        if (Work.IsPageDone) Earlier(now);
        if (_storeAwayUntil > now) until = _storeAwayUntil;
        if (Work.NextDue(now) is { } due) Earlier(due);
        if (until <= now) return;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        await Task.WhenAny([.. Work.Flights.Select(flight => flight.Sending!), Task.Delay(until - now, time, ended.Token)]);
        await ended.CancelAsync();

        void Earlier(DateTimeOffset at) => until = at < until ? at : until;
    }

    /// <summary>The node stops: what is under way gets a moment, and the next node need not wait for the lease to end.</summary>
    private async Task EndAsync()
    {
        var all = Task.WhenAll(Work.Flights.Select(flight => flight.Sending!));
        await Task.WhenAny(all, Task.Delay(LastPatience, time, _abandon.Token));
        await SettleAsync(time.GetUtcNow());
        try
        {
            if (lease.IsUnsure && !await LookAsync(time.GetUtcNow())) return;
            if (await SaveAsync(time.GetUtcNow())) await lease.LeaveAsync(_abandon.Token);
        }
        catch (QueueUnavailableException away)
        {
            parts.Log.StoreAway(endpoint.Name, away.Message);
        }
    }
}

/// <summary>What a held endpoint consists of, all around one state.</summary>
internal sealed record EndpointParts(
    EndpointState State, EndpointWork Work, EndpointReader Reader, WishGranter Wishes, WebhookLog Log)
{
    public static EndpointParts Of(WebhookEndpoint endpoint, EndpointState state, WebhookStores stores, WebhookLog log)
    {
        var work = new EndpointWork(endpoint, state, new RetrySteps(new Random()), log);
        return new EndpointParts(
            state, work, new EndpointReader(endpoint, state, stores.Log, log), new WishGranter(endpoint, state, work, log), log);
    }
}
