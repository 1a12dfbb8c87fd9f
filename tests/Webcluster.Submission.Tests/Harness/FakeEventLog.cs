using Webcluster.Queue;
using Webcluster.Queue.Events;
using Webcluster.Queue.Messages;

namespace Webcluster.Submission.Tests.Harness;

/// <summary>Remembers what was appended, and knows what the test says of messages.</summary>
internal sealed class FakeEventLog : IEventLog
{
    public List<MailEvent> Appended { get; } = [];

    public Dictionary<string, List<MailEvent>> Known { get; } = [];

    /// <summary>Nothing can be stored or asked.</summary>
    public bool IsAway { get; set; }

    public ValueTask AppendAsync(IReadOnlyList<MailEvent> events, CancellationToken cancellation)
    {
        if (IsAway) throw new QueueUnavailableException("away");
        Appended.AddRange(events);
        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<StoredEvent>> TimelineAsync(MessageId message, CancellationToken cancellation)
    {
        if (IsAway) throw new QueueUnavailableException("away");
        var known = Known.GetValueOrDefault(message.ToString(), []);
        return ValueTask.FromResult<IReadOnlyList<StoredEvent>>([.. known.Select((each, index) => new StoredEvent($"e{index}", each))]);
    }

    public ValueTask<EventPage> ReadAsync(string? after, int most, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<string> CursorAsync(DateTimeOffset? until, CancellationToken cancellation) => throw new NotSupportedException();
}
