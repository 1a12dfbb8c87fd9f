using Webcluster.Queue.Events;

namespace Webcluster.Queue.Embedded.Storage;

/// <summary>The writer's statements for events and feeds.</summary>
internal sealed class EventStore(SqliteDatabase database) : IDisposable
{
    private readonly SqliteStatement _add = database.Prepare("INSERT INTO events(at, message, event) VALUES(?1,?2,?3)");
    private readonly SqliteStatement _addOfNone = database.Prepare("INSERT INTO events(at, message, event) VALUES(?1,NULL,?2)");
    private readonly SqliteStatement _trim = database.Prepare("DELETE FROM events WHERE row<=?1");

    private readonly SqliteStatement _saveFeed = database.Prepare(
        "INSERT INTO feeds VALUES(?1,?2) ON CONFLICT(name) DO UPDATE SET state=excluded.state");

    public void Add(in EventRow row)
    {
        if (row.Message is { } message)
        {
            Span<byte> id = stackalloc byte[16];
            message.Value.TryWriteBytes(id, bigEndian: true, out _);
            _add.Bind(1, row.At);
            _add.Bind(2, id);
            _add.Bind(3, row.Json);
            _add.Run();
            return;
        }
        _addOfNone.Bind(1, row.At);
        _addOfNone.Bind(2, row.Json);
        _addOfNone.Run();
    }

    /// <summary>Lets go of the oldest, up to a row.</summary>
    public void Trim(long through)
    {
        _trim.Bind(1, through);
        _trim.Run();
    }

    public void SaveFeed(string name, ReadOnlySpan<byte> state)
    {
        _saveFeed.Bind(1, name);
        _saveFeed.Bind(2, state);
        _saveFeed.Run();
    }

    public void Dispose()
    {
        _add.Dispose();
        _addOfNone.Dispose();
        _trim.Dispose();
        _saveFeed.Dispose();
    }
}

/// <summary>An event as it is stored.</summary>
/// <param name="At">UTC ticks.</param>
internal readonly record struct EventRow(long At, Messages.MessageId? Message, byte[] Json)
{
    public static EventRow Of(MailEvent mailEvent) => new(
        mailEvent.At.UtcTicks, Messages.MessageId.TryParse(mailEvent.Message, out var id) ? id : null, MailEventJson.Encode(mailEvent));
}
