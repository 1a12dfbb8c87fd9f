using Webcluster.Queue.Messages;

namespace Webcluster.Queue.Embedded.Storage;

/// <summary>A read-only connection: sees every commit that has returned. Used by one caller at a time.</summary>
internal sealed class ReadStore : IDisposable
{
    private readonly SqliteDatabase _database;
    private readonly SqliteStatement _content;
    private readonly SqliteStatement _envelope;
    private readonly SqliteStatement _recipients;
    private readonly SqliteStatement _places;
    private readonly SqliteStatement _timeline;
    private readonly SqliteStatement _events;
    private readonly SqliteStatement _eventsUntil;
    private readonly SqliteStatement _ages;
    private readonly SqliteStatement _feed;

    public ReadStore(string path)
    {
        _database = SqliteDatabase.Open(path, readOnly: true);
        try
        {
            _database.Execute(StoreTuning.Reader);
            _content = _database.Prepare("SELECT prefix, body FROM messages WHERE row=?1");
            _envelope = _database.Prepare("SELECT envelope FROM messages WHERE row=?1");
            _recipients = _database.Prepare("SELECT recipients FROM deliveries WHERE row=?1");
            _places = _database.Prepare("SELECT row, id, ordinal FROM deliveries WHERE row>?1 AND row<=?2 ORDER BY row LIMIT ?3");
            _timeline = _database.Prepare("SELECT row, event FROM events WHERE message=?1 ORDER BY row LIMIT ?2");
            _events = _database.Prepare("SELECT row, event FROM events WHERE row>?1 ORDER BY row LIMIT ?2");
            _eventsUntil = _database.Prepare("SELECT row FROM events WHERE at<=?1 ORDER BY row DESC LIMIT 1");
            _ages = _database.Prepare("SELECT row, at FROM events WHERE row>?1 ORDER BY row LIMIT ?2");
            _feed = _database.Prepare("SELECT state FROM feeds WHERE name=?1");
        }
        catch
        {
            _database.Dispose();
            throw;
        }
    }

    /// <returns>Null where there is no such message.</returns>
    public MessageContent? Content(long messageRow)
    {
        _content.Bind(1, messageRow);
        try
        {
            return _content.Step() ? new MessageContent(_content.Octets(0).ToArray(), _content.Octets(1).ToArray()) : null;
        }
        finally
        {
            _content.Reset();
        }
    }

    /// <returns>Null where there is no such message or its record cannot be read.</returns>
    public Envelope? Envelope(long messageRow)
    {
        _envelope.Bind(1, messageRow);
        try
        {
            return _envelope.Step() && EnvelopeCodec.TryDecode(_envelope.Octets(0), out var value) ? value : null;
        }
        finally
        {
            _envelope.Reset();
        }
    }

    /// <returns>Null where there is no such delivery or its record cannot be read.</returns>
    public IReadOnlyList<QueuedRecipient>? Recipients(long deliveryRow)
    {
        _recipients.Bind(1, deliveryRow);
        try
        {
            return _recipients.Step() && RecipientsCodec.TryDecode(_recipients.Octets(0), out var value) ? value : null;
        }
        finally
        {
            _recipients.Reset();
        }
    }

    /// <summary>The next deliveries behind a row and up to another, in the order of rows.</summary>
    public List<DeliveryPlace> Places(long after, long through, int most)
    {
        _places.Bind(1, after);
        _places.Bind(2, through);
        _places.Bind(3, most);
        var found = new List<DeliveryPlace>(most);
        try
        {
            while (_places.Step())
                found.Add(new(_places.Number(0), new(new(new Guid(_places.Octets(1), bigEndian: true)), (int)_places.Number(2))));
        }
        finally
        {
            _places.Reset();
        }
        return found;
    }

    public List<(long Row, byte[] Json)> Timeline(MessageId message, int most)
    {
        _timeline.Bind(1, message.Value.ToByteArray(bigEndian: true));
        return Events(_timeline, most);
    }

    /// <summary>Those behind a row.</summary>
    public List<(long Row, byte[] Json)> Events(long after, int most)
    {
        _events.Bind(1, after);
        return Events(_events, most);
    }

    /// <summary>The oldest that is kept, and the newest there ever was; 0 where there is none.</summary>
    public (long Oldest, long Newest) EventRange() => (
        _database.Number("SELECT coalesce(min(row),0) FROM events"),
        _database.Number("SELECT coalesce(max(seq),0) FROM sqlite_sequence WHERE name='events'"));

    /// <summary>Up to which row events go: the oldest beyond so many, and those from before a time in UTC ticks; some at a time.</summary>
    /// <returns>0: none.</returns>
    public long EventsToTrim(long most, long before, int number)
    {
        var (oldest, newest) = EventRange();
        if (oldest == 0)
            return 0;
        var through = Math.Min(newest - most, oldest + number - 1);
        _ages.Bind(1, Math.Max(through, oldest - 1));
        _ages.Bind(2, number);
        try
        {
            while (_ages.Step() && _ages.Number(1) < before)
                through = _ages.Number(0);
        }
        finally
        {
            _ages.Reset();
        }
        return through >= oldest ? through : 0;
    }

    /// <returns>The last one until a time in UTC ticks; 0: none.</returns>
    public long EventUntil(long time)
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

    /// <summary>Octets inside the file that hold nothing and are written before it grows.</summary>
    public long ReusableOctets() => _database.Number("PRAGMA freelist_count") * StoreTuning.PageOctets;

    public void Dispose()
    {
        _content.Dispose();
        _envelope.Dispose();
        _recipients.Dispose();
        _places.Dispose();
        _timeline.Dispose();
        _events.Dispose();
        _eventsUntil.Dispose();
        _ages.Dispose();
        _feed.Dispose();
        _database.Dispose();
    }

    /// <summary>For a statement whose second parameter is how many.</summary>
    private static List<(long Row, byte[] Json)> Events(SqliteStatement statement, int most)
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
