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

    private readonly SqliteDatabase database;
    private readonly SqliteStatement begin;
    private readonly SqliteStatement commit;
    private readonly SqliteStatement insertMessage;
    private readonly SqliteStatement insertDelivery;
    private readonly SqliteStatement deleteMessage;
    private readonly SqliteStatement deleteDelivery;
    private readonly SqliteStatement defer;
    private readonly SqliteStatement reroute;
    private readonly SqliteStatement mark;
    private readonly SqliteStatement probe;
    private long lastMessage;
    private long lastDelivery;

    /// <param name="mostPages">The most pages the file may have; 0: as many as the disk holds.</param>
    public WriteStore(string path, int mostPages)
    {
        database = SqliteDatabase.Open(path, readOnly: false);
        try
        {
            Schema.Prepare(database);
            database.Execute(StoreTuning.Writer);
            if (mostPages > 0)
                database.Number($"PRAGMA max_page_count={mostPages}");
            begin = database.Prepare("BEGIN IMMEDIATE");
            commit = database.Prepare("COMMIT");
            insertMessage = database.Prepare("INSERT INTO messages VALUES(?1,?2,?3,?4)");
            insertDelivery = database.Prepare("INSERT INTO deliveries VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,0,0,?11,?12,?13,?14)");
            deleteMessage = database.Prepare("DELETE FROM messages WHERE row=?1");
            deleteDelivery = database.Prepare("DELETE FROM deliveries WHERE row=?1");
            defer = database.Prepare("UPDATE deliveries SET due=?2, attempts=?3, recipients=?4 WHERE row=?1");
            reroute = database.Prepare("UPDATE deliveries SET provider=?2, site=?3, pool=?4 WHERE row=?1");
            mark = database.Prepare($"UPDATE deliveries SET flags=flags|{MayHaveBeenSentFlag} WHERE row=?1");
            probe = database.Prepare("UPDATE probe SET count=count+1 WHERE row=1");
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Every stored delivery in the order of rows. To be called once, before anything is written.</summary>
    public IEnumerable<DeliveryRow> Load()
    {
        lastMessage = database.Number("SELECT max(row) FROM messages");
        lastDelivery = database.Number("SELECT max(row) FROM deliveries");
        using var all = database.Prepare("""
            SELECT row, message, id, ordinal, provider, site, pool, class, tenant, due, attempts, flags, accepted, expires, octets
            FROM deliveries ORDER BY row
            """);
        while (all.Step())
            yield return Read(all);
    }

    public void Begin() => begin.Run();

    public void Commit() => commit.Run();

    /// <summary>Takes back what was not committed. SQLite has done so itself after some errors.</summary>
    public void Rollback()
    {
        try
        {
            if (database.InTransaction)
                database.Execute("ROLLBACK");
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
            database.Execute("PRAGMA wal_checkpoint(PASSIVE)");
        }
        catch (StoreFaultException)
        {
            // There is no room for that either; the log stays as it is.
        }
    }

    /// <returns>The row of the message.</returns>
    public long InsertMessage(ReadOnlySpan<byte> envelope, MessageContent content)
    {
        insertMessage.Bind(1, ++lastMessage);
        insertMessage.Bind(2, envelope);
        insertMessage.Bind(3, content.Prefix.Span);
        insertMessage.Bind(4, content.Body.Span);
        insertMessage.Run();
        return lastMessage;
    }

    /// <param name="delivery">Its row is chosen here.</param>
    /// <returns>The row of the delivery.</returns>
    public long InsertDelivery(in DeliveryRow delivery, ReadOnlySpan<byte> recipients)
    {
        Span<byte> id = stackalloc byte[16];
        delivery.Id.Message.Value.TryWriteBytes(id, bigEndian: true, out _);
        insertDelivery.Bind(1, ++lastDelivery);
        insertDelivery.Bind(2, delivery.MessageRow);
        insertDelivery.Bind(3, id);
        insertDelivery.Bind(4, delivery.Id.Ordinal);
        insertDelivery.Bind(5, delivery.Lane.Provider);
        insertDelivery.Bind(6, delivery.Lane.Site);
        insertDelivery.Bind(7, delivery.Lane.Pool);
        insertDelivery.Bind(8, (byte)delivery.Flow.Class);
        insertDelivery.Bind(9, delivery.Flow.Tenant);
        insertDelivery.Bind(10, delivery.Due);
        insertDelivery.Bind(11, delivery.AcceptedAt);
        insertDelivery.Bind(12, delivery.ExpiresAt);
        insertDelivery.Bind(13, delivery.ContentOctets);
        insertDelivery.Bind(14, recipients);
        insertDelivery.Run();
        return lastDelivery;
    }

    public void DeleteMessage(long row) => RunFor(deleteMessage, row);

    public void DeleteDelivery(long row) => RunFor(deleteDelivery, row);

    public void Defer(long row, long due, int attempts, ReadOnlySpan<byte> recipients)
    {
        defer.Bind(2, due);
        defer.Bind(3, attempts);
        defer.Bind(4, recipients);
        RunFor(defer, row);
    }

    public void Reroute(long row, LaneKey to)
    {
        reroute.Bind(2, to.Provider);
        reroute.Bind(3, to.Site);
        reroute.Bind(4, to.Pool);
        RunFor(reroute, row);
    }

    public void MarkMayHaveBeenSent(long row) => RunFor(mark, row);

    /// <summary>Writes something that matters to nobody.</summary>
    public void Probe() => probe.Run();

    /// <summary>Folds the log into the file where nobody reads; closing does it otherwise.</summary>
    public void Dispose()
    {
        SqliteStatement[] statements =
            [begin, commit, insertMessage, insertDelivery, deleteMessage, deleteDelivery, defer, reroute, mark, probe];
        foreach (var statement in statements)
            statement.Dispose();
        database.Dispose();
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
            row.Number(12), row.Number(13), (int)row.Number(14));
    }
}
