using Webcluster.Queue.Redis.Shards;

namespace Webcluster.Queue.Redis.Waiting;

/// <summary>When a shard is to be asked for lanes next. Rung from any thread, read by the one who waits.</summary>
internal sealed class ShardWatch(Shard shard)
{
    private long _at = long.MinValue;
    private int _rung = 1;

    public Shard Shard => shard;

    /// <summary>A timestamp of the local clock.</summary>
    public long At => Volatile.Read(ref _rung) == 1 ? long.MinValue : _at;

    /// <summary>To be asked at once.</summary>
    public void Ring() => Volatile.Write(ref _rung, 1);

    /// <summary>Before it is asked: what rings from now on rings for the next time.</summary>
    public void Asking() => Volatile.Write(ref _rung, 0);

    public void AskAt(long timestamp) => _at = timestamp;
}
