using Webcluster.Queue.Suppression;

namespace Webcluster.Queue.Embedded.Storage;

/// <summary>The part of a reading connection that looks into the suppression list.</summary>
internal sealed class SuppressionReader : IDisposable
{
    private readonly SqliteStatement _find;
    private readonly SqliteStatement _next;
    private readonly SqliteStatement _expired;

    public SuppressionReader(SqliteDatabase database)
    {
        // The tenant's, which is not "", before the global one.
        _find = database.Prepare("""
            SELECT tenant, record FROM suppressions WHERE address=?1 AND tenant IN (?2, '') AND (ends=0 OR ends>?3)
            ORDER BY tenant DESC LIMIT 1
            """);
        _next = database.Prepare(
            "SELECT address, tenant, record, ends FROM suppressions WHERE (address, tenant)>(?1, ?2) ORDER BY address, tenant LIMIT ?3");
        _expired = database.Prepare("SELECT 1 FROM suppressions WHERE ends>0 AND ends<=?1 LIMIT 1");
    }

    public SuppressionEntry? Find(SuppressionKey key, long seconds)
    {
        _find.Bind(1, key.Address.ToOctets());
        _find.Bind(2, key.Tenant);
        _find.Bind(3, seconds);
        try
        {
            return _find.Step() ? Read(key with { Tenant = _find.Text(0) }, _find.Octets(1)) : null;
        }
        finally
        {
            _find.Reset();
        }
    }

    /// <summary>The next rows in the order of addresses, then tenants; null for one that has expired.</summary>
    public List<(SuppressionKey Key, SuppressionEntry? Entry)> Next(SuppressionKey after, int most, long seconds)
    {
        _next.Bind(1, after.Address.ToOctets());
        _next.Bind(2, after.Tenant);
        _next.Bind(3, most);
        var rows = new List<(SuppressionKey, SuppressionEntry?)>();
        try
        {
            while (_next.Step())
            {
                var key = new SuppressionKey(_next.Text(1), SuppressedAddress.FromOctets(_next.Octets(0)));
                rows.Add((key, _next.Number(3) is var ends && (ends == 0 || ends > seconds) ? Read(key, _next.Octets(2)) : null));
            }
        }
        finally
        {
            _next.Reset();
        }
        return rows;
    }

    public bool HasExpired(long seconds)
    {
        _expired.Bind(1, seconds);
        try
        {
            return _expired.Step();
        }
        finally
        {
            _expired.Reset();
        }
    }

    public void Dispose()
    {
        _find.Dispose();
        _next.Dispose();
        _expired.Dispose();
    }

    private static SuppressionEntry Read(SuppressionKey key, ReadOnlySpan<byte> record) =>
        SuppressionCodec.TryDecode(key, record, out var entry)
            ? entry
            : throw new QueueUnavailableException($"The queue is damaged: the suppression of {key.Address} cannot be read.");
}
