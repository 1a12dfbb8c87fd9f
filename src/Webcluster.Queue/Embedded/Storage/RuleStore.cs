using Webcluster.Queue.Lanes;
using Webcluster.Queue.Rules;

namespace Webcluster.Queue.Embedded.Storage;

/// <summary>The part of the writing connection that keeps rules and carries them out. Used inside its transactions.</summary>
internal sealed class RuleStore : IDisposable
{
    private readonly SqliteDatabase _database;
    private readonly SqliteStatement _insert;
    private readonly SqliteStatement _save;
    private readonly SqliteStatement _delete;
    private readonly SqliteStatement _bounce;
    private readonly SqliteStatement _expedite;
    private readonly SqliteStatement _narrow;
    private long _last;

    public RuleStore(SqliteDatabase database)
    {
        _database = database;
        _insert = _database.Prepare("INSERT OR IGNORE INTO rules VALUES(?1,?2,?3,?4,0,0,0,?5)");
        _save = _database.Prepare("UPDATE rules SET cursor=?2, done=?3, under_way=?4, running=?5 WHERE row=?1");
        _delete = _database.Prepare("DELETE FROM rules WHERE row=?1");
        _bounce = _database.Prepare("UPDATE deliveries SET provider=?2, site=?3, pool=?4, due=?5, bounce=?6 WHERE row=?1");
        _expedite = _database.Prepare("UPDATE deliveries SET due=?2 WHERE row=?1");
        _narrow = _database.Prepare("UPDATE deliveries SET recipients=?2 WHERE row=?1");
    }

    /// <summary>Every stored rule in the order in which they were added. To be called once, before anything is written.</summary>
    public List<RuleRow> Load()
    {
        using var all = _database.Prepare("SELECT row, id, record, through, cursor, done, under_way, running FROM rules ORDER BY row");
        var rules = new List<RuleRow>();
        while (all.Step())
            rules.Add(Read(all));
        _last = rules.Count > 0 ? rules[^1].Row : 0;
        return rules;
    }

    public long NextRow() => ++_last;

    /// <summary>A rule whose id is there already changes nothing.</summary>
    public void Insert(in RuleRow rule)
    {
        Span<byte> id = stackalloc byte[16];
        rule.Rule.Id.Value.TryWriteBytes(id, bigEndian: true, out _);
        _insert.Bind(1, rule.Row);
        _insert.Bind(2, id);
        _insert.Bind(3, RuleCodec.Encode(rule.Rule));
        _insert.Bind(4, rule.Through);
        _insert.Bind(5, rule.IsRunning ? 1 : 0);
        _insert.Run();
    }

    public void Save(in RuleRow rule)
    {
        _save.Bind(1, rule.Row);
        _save.Bind(2, rule.Cursor);
        _save.Bind(3, rule.Done);
        _save.Bind(4, rule.UnderWay);
        _save.Bind(5, rule.IsRunning ? 1 : 0);
        _save.Run();
    }

    public void Delete(long row)
    {
        _delete.Bind(1, row);
        _delete.Run();
    }

    public void Bounce(long row, long due, string text)
    {
        _bounce.Bind(1, row);
        _bounce.Bind(2, LaneKey.Bounces.Provider);
        _bounce.Bind(3, LaneKey.Bounces.Site);
        _bounce.Bind(4, LaneKey.Bounces.Pool);
        _bounce.Bind(5, due);
        _bounce.Bind(6, text);
        _bounce.Run();
    }

    public void Expedite(long row, long due)
    {
        _expedite.Bind(1, row);
        _expedite.Bind(2, due);
        _expedite.Run();
    }

    /// <summary>Leaves these recipients to a delivery.</summary>
    public void Narrow(long row, ReadOnlySpan<byte> recipients)
    {
        _narrow.Bind(1, row);
        _narrow.Bind(2, recipients);
        _narrow.Run();
    }

    public void Dispose()
    {
        SqliteStatement[] statements = [_insert, _save, _delete, _bounce, _expedite, _narrow];
        foreach (var statement in statements)
            statement.Dispose();
    }

    private static RuleRow Read(SqliteStatement row)
    {
        var id = row.Octets(1);
        if (id.Length != 16 || !RuleCodec.TryDecode(new RuleId(new Guid(id, bigEndian: true)), row.Octets(2), out var rule))
            throw new QueueStoreException($"The queue is damaged: the rule in row {row.Number(0)} cannot be read.");
        return new RuleRow(row.Number(0), rule, row.Number(3), row.Number(4), row.Number(5), row.Number(6), row.Number(7) != 0);
    }
}
