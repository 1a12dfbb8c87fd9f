using Webcluster.Queue.Suppression;

namespace Webcluster.Queue.Embedded.Storage;

/// <summary>The part of the writing connection that keeps the suppression list. Used inside its transactions.</summary>
internal sealed class SuppressionStore : IDisposable
{
    private readonly SqliteDatabase _database;
    private readonly SqliteStatement _find;
    private readonly SqliteStatement _save;
    private readonly SqliteStatement _remove;
    private readonly SqliteStatement _expire;
    private readonly SqliteStatement _grow;

    public SuppressionStore(SqliteDatabase database)
    {
        _database = database;
        _find = database.Prepare("SELECT record FROM suppressions WHERE address=?1 AND tenant=?2");
        _save = database.Prepare("INSERT OR REPLACE INTO suppressions VALUES(?1,?2,?3,?4)");
        _remove = database.Prepare("DELETE FROM suppressions WHERE address=?1 AND tenant=?2");
        _expire = database.Prepare("""
            DELETE FROM suppressions WHERE (address, tenant) IN
                (SELECT address, tenant FROM suppressions WHERE ends>0 AND ends<=?1 ORDER BY ends LIMIT ?2) RETURNING 1
            """);
        _grow = database.Prepare("UPDATE suppression_count SET entries=entries+?1 WHERE row=1");
    }

    /// <summary>The stored record, of an expired entry too; empty where there is none.</summary>
    public byte[] Find(SuppressionKey key)
    {
        Bind(_find, key);
        try
        {
            return _find.Step() ? _find.Octets(0).ToArray() : [];
        }
        finally
        {
            _find.Reset();
        }
    }

    public void Save(SuppressionKey key, ReadOnlySpan<byte> record)
    {
        Bind(_save, key);
        _save.Bind(3, SuppressionCodec.EndsAt(record));
        _save.Bind(4, record);
        _save.Run();
    }

    public void Remove(SuppressionKey key)
    {
        Bind(_remove, key);
        _remove.Run();
    }

    /// <returns>How many of those that have expired were removed.</returns>
    public int RemoveExpired(long seconds, int most)
    {
        _expire.Bind(1, seconds);
        _expire.Bind(2, most);
        var removed = 0;
        try
        {
            while (_expire.Step())
                removed++;
        }
        finally
        {
            _expire.Reset();
        }
        return removed;
    }

    /// <summary>Rows, kept because counting millions takes a while.</summary>
    public long Count() => _database.Number("SELECT entries FROM suppression_count WHERE row=1");

    /// <summary>There are so many rows more.</summary>
    public void Grow(long by)
    {
        if (by == 0) return;
        _grow.Bind(1, by);
        _grow.Run();
    }

    public void Dispose()
    {
        SqliteStatement[] statements = [_find, _save, _remove, _expire, _grow];
        foreach (var statement in statements)
            statement.Dispose();
    }

    private static void Bind(SqliteStatement statement, SuppressionKey key)
    {
        statement.Bind(1, key.Address.ToOctets());
        statement.Bind(2, key.Tenant);
    }
}
