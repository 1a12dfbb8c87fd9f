using Webcluster.Queue.Messages;

namespace Webcluster.Queue.Embedded.Storage;

/// <summary>Reads events and feeds.</summary>
internal sealed class EventReader(SqliteDatabase database) : IDisposable
{
    private readonly SqliteStatement _timeline = database.Prepare(
        "SELECT row, event FROM events WHERE message=?1 ORDER BY row DESC LIMIT ?2");
    private readonly SqliteStatement _events = database.Prepare("SELECT row, event FROM events WHERE row>?1 ORDER BY row LIMIT ?2");
    private readonly SqliteStatement _eventsUntil = database.Prepare("SELECT row FROM events WHERE at<=?1 ORDER BY row DESC LIMIT 1");
    private readonly SqliteStatement _ages = database.Prepare("SELECT row, at FROM events WHERE row>?1 ORDER BY row LIMIT ?2");
    private readonly SqliteStatement _feed = database.Prepare("SELECT state FROM feeds WHERE name=?1");

    public void Dispose()
    {
        _timeline.Dispose();
        _events.Dispose();
        _eventsUntil.Dispose();
        _ages.Dispose();
        _feed.Dispose();
    }

    /// <summary>The last so many of a message, in their order.</summary>
    public List<(long Row, byte[] Json)> Timeline(MessageId message, int most)
    {
        _timeline.Bind(1, message.Value.ToByteArray(bigEndian: true));
        var found = Read(_timeline, most);
        found.Reverse();
        return found;
    }

    /// <summary>Those behind a row.</summary>
    public List<(long Row, byte[] Json)> Behind(long after, int most)
    {
        _events.Bind(1, after);
        return Read(_events, most);
    }

    /// <summary>The oldest that is kept, and the newest there ever was; 0 where there is none.</summary>
    public (long Oldest, long Newest) Range() => (
        database.Number("SELECT coalesce(min(row),0) FROM events"),
        database.Number("SELECT coalesce(max(seq),0) FROM sqlite_sequence WHERE name='events'"));

    /// <summary>The rows that go: the oldest beyond so many, and those from before a time in UTC ticks; of at most a number of rows.</summary>
    /// <returns>The last is before the first where none goes.</returns>
    public (long First, long Last) ToTrim(long most, long before, int number)
    {
        var (oldest, newest) = Range();
        if (oldest == 0)
            return (1, 0);
        var last = Math.Clamp(newest - most, oldest - 1, oldest + number - 1);
        _ages.Bind(1, last);
        _ages.Bind(2, oldest + number - 1 - last);
        try
        {
            while (_ages.Step() && _ages.Number(1) < before)
                last = _ages.Number(0);
        }
        finally
        {
            _ages.Reset();
        }
        return (oldest, last);
    }

    /// <returns>The last one until a time in UTC ticks; 0: none.</returns>
    public long Until(long time)
    {
        _eventsUntil.Bind(1, time);
        try
        {
            return _eventsUntil.Step() ? _eventsUntil.Number(0) : 0;
        }
        finally
        {
            _eventsUntil.Reset();
        }
    }

    /// <returns>Empty where there is none.</returns>
    public byte[] Feed(string name)
    {
        _feed.Bind(1, name);
        try
        {
            return _feed.Step() ? _feed.Octets(0).ToArray() : [];
        }
        finally
        {
            _feed.Reset();
        }
    }

    /// <summary>For a statement whose second parameter is how many.</summary>
    private static List<(long Row, byte[] Json)> Read(SqliteStatement statement, int most)
    {
        statement.Bind(2, most);
        var found = new List<(long, byte[])>();
        try
        {
            while (statement.Step())
                found.Add((statement.Number(0), statement.Octets(1).ToArray()));
        }
        finally
        {
            statement.Reset();
        }
        return found;
    }
}
