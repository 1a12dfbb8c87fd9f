using System.Globalization;
using Webcluster.Queue.Embedded.Storage;
using Webcluster.Queue.Embedded.Writing;
using Webcluster.Queue.Events;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Sessions;

namespace Webcluster.Queue.Embedded;

/// <summary>Events are numbered; a cursor is the number of the last that was read.</summary>
public sealed partial class EmbeddedQueue
{
    private const int MostOfMessage = 1000;

    // More than a second brings, in steps: mail waits for one of these at most.
    private const int MostTrimmed = 20_000;
    private const int TrimmedAtATime = 1000;

    public async ValueTask AppendAsync(IReadOnlyList<MailEvent> events, CancellationToken cancellation)
    {
        if (events.Count == 0)
            return;
        var rows = events.Select(EventRow.Of).ToList();
        if (_events.Most > 0)
            await WriteAsync(store => rows.ForEach(row => store.Add(row)), cancellation);
        _events.Tell(events);
    }

    public async ValueTask<IReadOnlyList<StoredEvent>> TimelineAsync(MessageId message, CancellationToken cancellation) =>
        Read(await ReadFileAsync(store => store.Events.Timeline(message, MostOfMessage), cancellation));

    public async ValueTask<EventPage> ReadAsync(string? after, int most, CancellationToken cancellation)
    {
        if (!long.TryParse(after ?? "0", NumberStyles.None, CultureInfo.InvariantCulture, out var last))
            throw new ArgumentException("That is no cursor.", nameof(after));
        var (rows, oldest) = await ReadFileAsync(store => (store.Events.Behind(last, most), store.Events.Range().Oldest), cancellation);
        var missed = last > 0 && oldest > 0 ? Math.Max(0, oldest - 1 - last) : 0;
        return new EventPage(Read(rows), Text(rows.Count > 0 ? rows[^1].Row : last), missed);
    }

    public async ValueTask<string> CursorAsync(DateTimeOffset? until, CancellationToken cancellation) => Text(await ReadFileAsync(
        store => until is { } at ? store.Events.Until(at.UtcTicks) : store.Events.Range().Newest, cancellation));

    public async ValueTask<FeedState?> HoldAsync(string feed, NodeId node, TimeSpan lease, CancellationToken cancellation) =>
        _feeds.TryHold(feed, node, lease, _time.GetUtcNow()) ? await ShowAsync(feed, cancellation) : null;

    public async ValueTask<bool> SaveAsync(
        string feed, NodeId node, ReadOnlyMemory<byte> state, int wishes, TimeSpan lease, CancellationToken cancellation)
    {
        FeedLimits.Check(state);
        if (!_feeds.TryHold(feed, node, lease, _time.GetUtcNow()))
            return false;
        await WriteAsync(store => store.SaveFeed(feed, state.Span), cancellation);
        _feeds.Done(feed, wishes);
        return true;
    }

    public ValueTask LeaveAsync(string feed, NodeId node, CancellationToken cancellation)
    {
        _feeds.Leave(feed, node);
        return ValueTask.CompletedTask;
    }

    public ValueTask<bool> WishAsync(string feed, string wish, CancellationToken cancellation) =>
        ValueTask.FromResult(_feeds.TryWish(feed, wish));

    public async ValueTask<FeedState> ShowAsync(string feed, CancellationToken cancellation) => new(
        await ReadFileAsync(store => store.Events.Feed(feed), cancellation), _feeds.WishesOf(feed),
        _feeds.HolderOf(feed, _time.GetUtcNow()));

    /// <exception cref="QueueUnavailableException">Nothing was written.</exception>
    private async Task WriteAsync(Action<EventStore> write, CancellationToken cancellation)
    {
        var operation = new EventOperation(write);
        if (!await _writer.TryHandOverAsync(operation, cancellation) || !await operation.Completion)
            throw new QueueUnavailableException("The queue's file cannot be written.");
    }

    /// <summary>Lets go of what is too old or too many; bounded, the next second goes on.</summary>
    private async Task TrimEventsAsync()
    {
        var before = (_time.GetUtcNow() - _events.Keep).UtcTicks;
        try
        {
            var (first, last) = await ReadFileAsync(
                store => store.Events.ToTrim(_events.Most, before, MostTrimmed), CancellationToken.None);
            for (var gone = first - 1; gone < last && !_health.IsFailing && !_stopping.IsCancellationRequested;)
            {
                var through = Math.Min(gone + TrimmedAtATime, last);
                await WriteAsync(store => store.Trim(through), CancellationToken.None);
                gone = through;
            }
        }
        catch (QueueUnavailableException)
        {
            // They go when the file can be read and written.
        }
    }

    private static List<StoredEvent> Read(List<(long Row, byte[] Json)> rows) =>
    [
        .. rows.Select(row => (row.Row, Event: MailEventJson.Decode(row.Json))).Where(each => each.Event is not null)
            .Select(each => new StoredEvent($"0-{Text(each.Row)}", each.Event!)),
    ];

    private static string Text(long row) => row.ToString(CultureInfo.InvariantCulture);
}
