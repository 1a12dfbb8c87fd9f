using System.Globalization;
using Webcluster.Queue.Events;
using Webcluster.Queue.Messages;

namespace Webcluster.Node.Tests.Webhooks;

/// <summary>An event log in memory; its cursors are numbers. Safe for concurrent use.</summary>
internal sealed class FakeEventLog : IEventLog
{
    private readonly Lock _lock = new();
    private readonly List<StoredEvent> _events = [];
    private int _gone;

    /// <summary>Adds one, and gives its id.</summary>
    public string Add(MailEvent one)
    {
        lock (_lock)
        {
            var id = $"evt-{_events.Count}";
            _events.Add(new StoredEvent(id, one));
            return id;
        }
    }

    /// <summary>The oldest are kept no more.</summary>
    public void Forget(int count)
    {
        lock (_lock) _gone = count;
    }

    public ValueTask AppendAsync(IReadOnlyList<MailEvent> events, CancellationToken cancellation)
    {
        foreach (var one in events) Add(one);
        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<StoredEvent>> TimelineAsync(MessageId message, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public ValueTask<EventPage> ReadAsync(string? after, int most, CancellationToken cancellation)
    {
        lock (_lock)
        {
            var begin = after is null ? _gone : Number(after);
            var first = Math.Max(begin, _gone);
            var page = _events.Skip(first).Take(most).ToList();
            return ValueTask.FromResult(new EventPage(page, Text(first + page.Count), first - begin));
        }
    }

    public ValueTask<string> CursorAsync(DateTimeOffset? until, CancellationToken cancellation)
    {
        lock (_lock) return ValueTask.FromResult(Text(_events.Count(one => until is null || one.Event.At <= until)));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int Number(string cursor) =>
        int.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new ArgumentException($"'{cursor}' is no cursor", nameof(cursor));
}
