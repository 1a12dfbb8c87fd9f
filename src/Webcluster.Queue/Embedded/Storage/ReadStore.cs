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
            Events = new EventReader(_database);
            Suppressions = new SuppressionReader(_database);
        }
        catch
        {
            _database.Dispose();
            throw;
        }
    }

    public EventReader Events { get; }

    public SuppressionReader Suppressions { get; }

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

    /// <summary>Octets inside the file that hold nothing and are written before it grows.</summary>
    public long ReusableOctets() => _database.Number("PRAGMA freelist_count") * StoreTuning.PageOctets;

    public void Dispose()
    {
        _content.Dispose();
        _envelope.Dispose();
        _recipients.Dispose();
        _places.Dispose();
        Events.Dispose();
        Suppressions.Dispose();
        _database.Dispose();
    }
}
