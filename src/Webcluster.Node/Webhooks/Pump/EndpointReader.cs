using Webcluster.Node.Webhooks.State;
using Webcluster.Queue.Events;

namespace Webcluster.Node.Webhooks.Pump;

/// <summary>Reads the event log for one endpoint: what happens, and in turn with it what is replayed.</summary>
internal sealed class EndpointReader(WebhookEndpoint endpoint, EndpointState state, IEventLog events, WebhookLog log)
{
    // Enough for all flights several times over; what is not sent at the end of a node is read again.
    private const int BatchesInPage = 32;
    private const int FewestInPage = 64;
    private const int MostInPage = 1000;

    // Nothing tells of new events.
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(500);

    private readonly int _most = Math.Clamp(endpoint.Batch * BatchesInPage, FewestInPage, MostInPage);
    private bool _replayedLast;

    /// <summary>Not before then is there something to read.</summary>
    public DateTimeOffset NextRead { get; private set; }

    /// <summary>Begins at the present where the endpoint is new.</summary>
    /// <exception cref="Queue.QueueUnavailableException">The store cannot be reached.</exception>
    public async ValueTask BeginAsync(CancellationToken cancellation)
    {
        if (state.Live.Cursor is null) state.Live.MoveTo(await events.CursorAsync(null, cancellation));
    }

    /// <summary>Gives the work its next page, where one is due.</summary>
    /// <exception cref="Queue.QueueUnavailableException">The store cannot be reached.</exception>
    public async ValueTask ReadAsync(EndpointWork work, DateTimeOffset now, CancellationToken cancellation)
    {
        var replay = state.Replays.Count > 0 && (!_replayedLast || now < NextRead) ? state.Replays[0] : null;
        if (replay is null && now < NextRead) return;
        _replayedLast = replay is not null;
        try
        {
            if (replay is { Position.Cursor: null } && replay.Start > DateTimeOffset.MinValue)
                replay.Position.MoveTo(await events.CursorAsync(replay.Start, cancellation));
            var position = replay?.Position ?? state.Live;
            var page = await events.ReadAsync(position.Cursor, _most, cancellation);
            if (replay is null && page.Events.Count == 0)
            {
                NextRead = now + BetweenLooks;
                work.ReachEnd();
            }

            if (replay is not null || page.Events.Count > 0 || page.Missed > 0 || page.Cursor != position.Cursor)
                work.Take(page, replay, page.Events.Count >= _most);
        }
        catch (ArgumentException)
        {
            log.StartsAnew(endpoint.Name, "the event log does not know the place that was reached");
            if (replay is not null) state.Replays.Remove(replay);
            else state.Live.MoveTo(await events.CursorAsync(null, cancellation));
        }
    }
}
