using Webcluster.Queue.Messages;

namespace Webcluster.Queue.Events;

/// <summary>
/// What happened, in the store: written with the transition that made it so, kept for a set time and up to a set number, the same from all
/// nodes. Events of one message are in their order; those of different messages nearly.
/// </summary>
public interface IEventLog
{
    /// <summary>Adds what comes with no transition of the queue: reports and complaints that came back, unsubscriptions.</summary>
    /// <exception cref="QueueUnavailableException">The store cannot be reached; they may have been added.</exception>
    ValueTask AppendAsync(IReadOnlyList<MailEvent> events, CancellationToken cancellation);

    /// <summary>What is known of one message, oldest first, at most 1,000; empty where nothing is.</summary>
    /// <exception cref="QueueUnavailableException">The store cannot be reached.</exception>
    ValueTask<IReadOnlyList<StoredEvent>> TimelineAsync(MessageId message, CancellationToken cancellation);

    /// <summary>What comes behind a cursor, at most about <paramref name="most"/>.</summary>
    /// <param name="after">Of an earlier page; null: from the oldest on.</param>
    /// <exception cref="ArgumentException">That is no cursor.</exception>
    /// <exception cref="QueueUnavailableException">The store cannot be reached.</exception>
    ValueTask<EventPage> ReadAsync(string? after, int most, CancellationToken cancellation);

    /// <summary>The cursor behind what came until then.</summary>
    /// <param name="until">Null: all there is now.</param>
    /// <exception cref="QueueUnavailableException">The store cannot be reached.</exception>
    ValueTask<string> CursorAsync(DateTimeOffset? until, CancellationToken cancellation);
}

/// <param name="Id">Unique in the cluster, the same whenever it is read; letters, digits and "-".</param>
public sealed record StoredEvent(string Id, MailEvent Event);

/// <param name="Cursor">To go on from; the same as asked for where there is nothing more.</param>
/// <param name="Missed">Events behind the cursor asked for that are kept no more.</param>
public sealed record EventPage(IReadOnlyList<StoredEvent> Events, string Cursor, long Missed);
