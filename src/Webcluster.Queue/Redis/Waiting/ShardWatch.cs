using Webcluster.Queue.Redis.Shards;

namespace Webcluster.Queue.Redis.Waiting;

/// <summary>When a shard is to be asked for lanes next. Rung from any thread, read by the one who waits.</summary>
internal sealed class ShardWatch(Shard shard)
{
    private const long NotRung = long.MaxValue;

    private long _at = long.MinValue;
    private long _rung;
    private long _from;

    public Shard Shard => shard;

    /// <summary>A timestamp of the local clock.</summary>
    public long At => Volatile.Read(ref _rung) == NotRung ? _at : long.MinValue;

    /// <summary>To be asked at once, for lanes that became due at that time of the store or later; 0: for all.</summary>
    public void Ring(long from)
    {
        long rung;
        do
            rung = Volatile.Read(ref _rung);
        while (from < rung && Interlocked.CompareExchange(ref _rung, from, rung) != rung);
    }

    /// <summary>Before it is asked: what rings from now on rings for the next time.</summary>
    /// <returns>From when on to look.</returns>
    public long Asking() => _from = Math.Min(_from, Interlocked.Exchange(ref _rung, NotRung));

    /// <summary>When all lanes are to be looked at again, whatever rang: a timestamp of the local clock.</summary>
    public long AllAt { get; set; } = long.MinValue;

    /// <summary>No lane that became due before can be named, unless it rings.</summary>
    public void LookFrom(long time) => _from = time;

    public void AskAt(long timestamp) => _at = timestamp;
}
