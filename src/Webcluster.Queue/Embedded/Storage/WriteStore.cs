using Webcluster.Queue.Lanes;
using Webcluster.Queue.Messages;

namespace Webcluster.Queue.Embedded.Storage;

/// <summary>
/// The one writing connection, with its statements prepared once. Used by one thread. Everything between <see cref="Begin"/> and a
/// <see cref="Commit"/> that returns is durable; anything else never happened.
/// </summary>
internal sealed class WriteStore : IDisposable
{
    private const long MayHaveBeenSentFlag = 1;

    private readonly SqliteDatabase _database;
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _commit;
    private readonly SqliteStatement _insertMessage;
    private readonly SqliteStatement _insertDelivery;
    private readonly SqliteStatement _deleteMessage;
    private readonly SqliteStatement _deleteDelivery;
    private readonly SqliteStatement _defer;
    private readonly SqliteStatement _reroute;
    private readonly SqliteStatement _mark;
    private readonly SqliteStatement _probe;
    private long _lastMessage;
    private long _lastDelivery;

    /// <param name="mostPages">The most pages the file may have; 0: as many as the disk holds.</param>
    public WriteStore(string path, int mostPages)
    {
        _database = SqliteDatabase.Open(path, readOnly: false);
        try
        {
            Schema.Prepare(_database);
            _database.Execute(StoreTuning.Writer);
            if (mostPages > 0)
                _database.Number($"PRAGMA max_page_count={mostPages}");
            _begin = _database.Prepare("BEGIN IMMEDIATE");
            _commit = _database.Prepare("COMMIT");
            _insertMessage = _database.Prepare("INSERT INTO messages VALUES(?1,?2,?3,?4)");
            _insertDelivery = _database.Prepare(
                "INSERT INTO deliveries VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,0,0,?11,?12,?13,?14,?15,?16)");
            _deleteMessage = _database.Prepare("DELETE FROM messages WHERE row=?1");
            _deleteDelivery = _database.Prepare("DELETE FROM deliveries WHERE row=?1");
            _defer = _database.Prepare("UPDATE deliveries SET due=?2, attempts=?3, recipients=?4 WHERE row=?1");
            _reroute = _database.Prepare("UPDATE deliveries SET provider=?2, site=?3, pool=?4 WHERE row=?1");
            _mark = _database.Prepare($"UPDATE deliveries SET flags=flags|{MayHaveBeenSentFlag} WHERE row=?1");
            _probe = _database.Prepare("UPDATE probe SET count=count+1 WHERE row=1");
            Rules = new RuleStore(_database);
            Traffic = new TrafficStore(_database);
            Events = new EventStore(_database);
            Suppressions = new SuppressionStore(_database);
            SoftFailures = new SoftFailureStore(_database);
        }
        catch
        {
            _database.Dispose();
            throw;
        }
    }

    public RuleStore Rules { get; }

    public TrafficStore Traffic { get; }

    public EventStore Events { get; }

    public SuppressionStore Suppressions { get; }

    public SoftFailureStore SoftFailures { get; }

    /// <summary>The row of the delivery that was stored last.</summary>
    public long LastDelivery => _lastDelivery;

    /// <summary>Every stored delivery in the order of rows. To be called once, before anything is written.</summary>
    public IEnumerable<DeliveryRow> Load()
    {
        _lastMessage = _database.Number("SELECT max(row) FROM messages");
        // Rows of mail that has gone since are not used again while a rule goes through the queue up to one of them: new mail is not its.
        _lastDelivery = _database.Number(
            "SELECT max(row) FROM (SELECT max(row) AS row FROM deliveries UNION ALL SELECT max(through) FROM rules)");
        using var all = _database.Prepare("""
            SELECT row, message, id, ordinal, provider, site, pool, class, tenant, due, attempts, flags, accepted, expires, octets,
                recipients, tags, bounce
            FROM deliveries ORDER BY row
            """);
        while (all.Step())
            yield return Read(all);
    }

    public void Begin() => _begin.Run();

    public void Commit() => _commit.Run();

    /// <summary>Takes back what was not committed. SQLite has done so itself after some errors.</summary>
    public void Rollback()
    {
        try
        {
            if (_database.InTransaction)
                _database.Execute("ROLLBACK");
        }
        catch (StoreFaultException)
        {
            // Then the next Begin fails, and is followed by another Rollback.
        }
    }

    /// <summary>
    /// Folds the log into the file where that needs no room the disk does not have: then the log starts again from its beginning, and
    /// outcomes can be written on a full disk.
    /// </summary>
    public void FoldLog()
    {
        try
        {
            _database.Execute("PRAGMA wal_checkpoint(PASSIVE)");
        }
        catch (StoreFaultException)
        {
            // There is no room for that either; the log stays as it is.
        }
    }

    /// <returns>The row of the message.</returns>
    public long InsertMessage(ReadOnlySpan<byte> envelope, MessageContent content)
    {
        _insertMessage.Bind(1, ++_lastMessage);
        _insertMessage.Bind(2, envelope);
        _insertMessage.Bind(3, content.Prefix.Span);
        _insertMessage.Bind(4, content.Body.Span);
        _insertMessage.Run();
        return _lastMessage;
    }

    /// <param name="delivery">Its row is chosen here.</param>
    /// <returns>The row of the delivery.</returns>
    public long InsertDelivery(in DeliveryRow delivery, ReadOnlySpan<byte> recipients)
    {
        Span<byte> id = stackalloc byte[16];
        delivery.Id.Message.Value.TryWriteBytes(id, bigEndian: true, out _);
        _insertDelivery.Bind(1, ++_lastDelivery);
        _insertDelivery.Bind(2, delivery.MessageRow);
        _insertDelivery.Bind(3, id);
        _insertDelivery.Bind(4, delivery.Id.Ordinal);
        _insertDelivery.Bind(5, delivery.Lane.Provider);
        _insertDelivery.Bind(6, delivery.Lane.Site);
        _insertDelivery.Bind(7, delivery.Lane.Pool);
        _insertDelivery.Bind(8, (byte)delivery.Flow.Class);
        _insertDelivery.Bind(9, delivery.Flow.Tenant);
        _insertDelivery.Bind(10, delivery.Due);
        _insertDelivery.Bind(11, delivery.AcceptedAt);
        _insertDelivery.Bind(12, delivery.ExpiresAt);
        _insertDelivery.Bind(13, delivery.ContentOctets);
        _insertDelivery.Bind(14, recipients);
        _insertDelivery.Bind(15, string.Join(' ', delivery.Tags));
        _insertDelivery.Bind(16, delivery.Bounce ?? "");
        _insertDelivery.Run();
        return _lastDelivery;
    }

    public void DeleteMessage(long row) => RunFor(_deleteMessage, row);

    public void DeleteDelivery(long row) => RunFor(_deleteDelivery, row);

    public void Defer(long row, long due, int attempts, ReadOnlySpan<byte> recipients)
    {
        _defer.Bind(2, due);
        _defer.Bind(3, attempts);
        _defer.Bind(4, recipients);
        RunFor(_defer, row);
    }

    public void Reroute(long row, LaneKey to)
    {
        _reroute.Bind(2, to.Provider);
        _reroute.Bind(3, to.Site);
        _reroute.Bind(4, to.Pool);
        RunFor(_reroute, row);
    }

    public void MarkMayHaveBeenSent(long row) => RunFor(_mark, row);

    /// <summary>Writes something that matters to nobody.</summary>
    public void Probe() => _probe.Run();

    /// <summary>Folds the log into the file where nobody reads; closing does it otherwise.</summary>
    public void Dispose()
    {
        SqliteStatement[] statements =
            [_begin, _commit, _insertMessage, _insertDelivery, _deleteMessage, _deleteDelivery, _defer, _reroute, _mark, _probe];
        foreach (var statement in statements)
            statement.Dispose();
        Rules.Dispose();
        Traffic.Dispose();
        Events.Dispose();
        Suppressions.Dispose();
        SoftFailures.Dispose();
        _database.Dispose();
    }

    private static void RunFor(SqliteStatement statement, long row)
    {
        statement.Bind(1, row);
        statement.Run();
    }

    private static DeliveryRow Read(SqliteStatement row)
    {
        var id = row.Octets(2);
        var mailClass = row.Number(7);
        if (id.Length != 16 || mailClass is < 0 or > (long)MailClass.Bulk)
            throw new QueueStoreException($"The queue is damaged: delivery in row {row.Number(0)} cannot be read.");
        return new DeliveryRow(
            row.Number(0), row.Number(1), new DeliveryId(new MessageId(new Guid(id, bigEndian: true)), (int)row.Number(3)),
            new LaneKey(row.Text(4), row.Text(5), row.Text(6)), new FlowKey((MailClass)mailClass, row.Text(8)),
            row.Number(9), (int)row.Number(10), (row.Number(11) & MayHaveBeenSentFlag) != 0,
            row.Number(12), row.Number(13), (int)row.Number(14), DomainsOf(row.Octets(15)),
            [.. MessageTags.Parse(row.Text(16)).Values], row.Text(17) is { Length: > 0 } bounce ? bounce : null);
    }

    /// <summary>None where the record cannot be read: the claim that finds out puts the delivery off.</summary>
    private static string[] DomainsOf(ReadOnlySpan<byte> recipients) =>
        RecipientsCodec.TryDecode(recipients, out var list) ? [.. list.Select(recipient => recipient.Address.Domain).Distinct()] : [];
}
