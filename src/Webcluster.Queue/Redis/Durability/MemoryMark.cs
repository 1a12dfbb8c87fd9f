namespace Webcluster.Queue.Redis.Durability;

/// <summary>Full above 85 %, not full again below 80 %: so that the answer does not change with every message. Used by one loop.</summary>
/// <param name="limit">Octets; 0: the server's maxmemory, and where that is 0 too, no limit.</param>
internal sealed class MemoryMark(long limit)
{
    private const int HighPercent = 85;
    private const int LowPercent = 80;
    private bool _full;

    /// <returns>Whether the server is full.</returns>
    public bool Look(long used, long maxMemory)
    {
        var limited = Limit(maxMemory);
        return _full = limited > 0 && (_full ? used >= Share(limited, LowPercent) : used > Share(limited, HighPercent));
    }

    public long Limit(long maxMemory) => (limit, maxMemory) switch
    {
        (0, _) => maxMemory,
        (_, 0) => limit,
        _ => Math.Min(limit, maxMemory),
    };

    private static Int128 Share(long limit, int percent) => (Int128)limit * percent / 100;
}
