using Webcluster.Queue.Embedded.Traffic;

namespace Webcluster.Queue.Embedded.Storage;

/// <summary>The part of the writing connection that keeps suspensions and warm-up. Used inside its transactions.</summary>
internal sealed class TrafficStore : IDisposable
{
    private readonly SqliteDatabase _database;
    private readonly SqliteStatement _save;
    private readonly SqliteStatement _delete;

    public TrafficStore(SqliteDatabase database)
    {
        _database = database;
        _save = _database.Prepare("INSERT OR REPLACE INTO traffic VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12)");
        _delete = _database.Prepare("DELETE FROM traffic WHERE provider=?1 AND source=?2");
    }

    /// <summary>Every stored row that was used since then.</summary>
    public List<TrafficRow> Load(long usedSince)
    {
        using var all = _database.Prepare("""
            SELECT provider, source, suspended, reply, changed, used_at, plan, step, day, used, refused, warm FROM traffic WHERE used_at>=?1
            """);
        all.Bind(1, usedSince);
        var rows = new List<TrafficRow>();
        while (all.Step())
            rows.Add(Read(all));
        return rows;
    }

    public void Save(in TrafficRow row)
    {
        if (!row.IsWorthKeeping)
        {
            Delete(row);
            return;
        }
        _save.Bind(1, row.Provider);
        _save.Bind(2, row.Source);
        _save.Bind(3, row.SuspendedUntil);
        _save.Bind(4, row.Reply);
        _save.Bind(5, row.ChangedAt);
        _save.Bind(6, row.UsedAt);
        _save.Bind(7, row.Warmup?.Plan ?? "");
        _save.Bind(8, row.Warmup?.Step ?? 0);
        _save.Bind(9, row.Warmup?.Day ?? 0);
        _save.Bind(10, row.Warmup?.Used ?? 0);
        _save.Bind(11, row.Warmup?.Refused ?? 0);
        _save.Bind(12, row.Warmup is { IsWarm: true } ? 1 : 0);
        _save.Run();
    }

    public void Dispose()
    {
        _save.Dispose();
        _delete.Dispose();
    }

    private void Delete(in TrafficRow row)
    {
        _delete.Bind(1, row.Provider);
        _delete.Bind(2, row.Source);
        _delete.Run();
    }

    /// <summary>A step that cannot be is the first: too little is sent rather than too much.</summary>
    private static TrafficRow Read(SqliteStatement row)
    {
        var step = (int)Math.Clamp(row.Number(7), 1, int.MaxValue);
        var warmup = row.Number(7) == 0
            ? null : new WarmupProgress(row.Text(6), step, row.Number(8), row.Number(9), row.Number(10), row.Number(11) != 0);
        return new TrafficRow(row.Text(0), row.Text(1), row.Number(2), row.Text(3), row.Number(4), warmup, row.Number(5));
    }
}
