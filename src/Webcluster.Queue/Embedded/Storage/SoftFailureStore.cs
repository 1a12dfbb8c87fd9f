using Webcluster.Queue.Suppression;

namespace Webcluster.Queue.Embedded.Storage;

/// <summary>
/// The part of the writing connection that keeps soft failures. Used inside its transactions. An address that fails again gets a new row,
/// behind all others: so the first rows are those to be forgotten first.
/// </summary>
internal sealed class SoftFailureStore : IDisposable
{
    /// <summary>Addresses.</summary>
    private const int Most = 100_000;

    private const int ExpiredAtATime = 16;

    private readonly SqliteStatement _find;
    private readonly SqliteStatement _save;
    private readonly SqliteStatement _remove;
    private readonly SqliteStatement _trim;
    private readonly SqliteStatement _expire;

    public SoftFailureStore(SqliteDatabase database)
    {
        _find = database.Prepare("SELECT failures FROM soft_failures WHERE address=?1 AND tenant=?2");
        _save = database.Prepare("INSERT OR REPLACE INTO soft_failures(address, tenant, last, failures) VALUES(?1,?2,?3,?4)");
        _remove = database.Prepare("DELETE FROM soft_failures WHERE address=?1 AND tenant=?2");
        _trim = database.Prepare($"DELETE FROM soft_failures WHERE row<=last_insert_rowid()-{Most}");
        _expire = database.Prepare(
            $"DELETE FROM soft_failures WHERE last<=?1 AND row IN (SELECT row FROM soft_failures ORDER BY row LIMIT {ExpiredAtATime})");
    }

    /// <summary>Empty where there are none.</summary>
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

    /// <param name="seconds">When it failed last.</param>
    public void Save(SuppressionKey key, long seconds, ReadOnlySpan<byte> record)
    {
        Bind(_save, key);
        _save.Bind(3, seconds);
        _save.Bind(4, record);
        _save.Run();
        _trim.Run();
    }

    public void Remove(SuppressionKey key)
    {
        Bind(_remove, key);
        _remove.Run();
    }

    /// <summary>Removes some of those that failed then or before.</summary>
    public void Expire(long seconds)
    {
        _expire.Bind(1, seconds);
        _expire.Run();
    }

    public void Dispose()
    {
        SqliteStatement[] statements = [_find, _save, _remove, _trim, _expire];
        foreach (var statement in statements)
            statement.Dispose();
    }

    private static void Bind(SqliteStatement statement, SuppressionKey key)
    {
        statement.Bind(1, key.Address.ToOctets());
        statement.Bind(2, key.Tenant);
    }
}
