namespace Webcluster.Queue.Redis.Durability;

/// <summary>
/// Remembers, for each shard, the highest epoch this node has seen. Every node's heartbeat raises it, so a store where it is lower, or
/// gone, is an
/// older one or an empty one; and stays that, however far heartbeats raise it again, until the loss is accepted: by a leap that no
/// heartbeats
/// make, which all nodes see. Used by one loop at a time.
/// </summary>
internal sealed class EpochMemory(int shards)
{
    private const long Leap = 1_000_000_000;
    private readonly long[] _highest = new long[shards];
    private readonly bool[] _lost = new bool[shards];

    /// <param name="epoch">Null: the key is absent.</param>
    /// <returns>False where the store went back.</returns>
    public bool Look(int shard, long? epoch)
    {
        var seen = epoch ?? 0;
        if (_lost[shard] ? seen < _highest[shard] + (Leap / 2) : seen < _highest[shard])
        {
            _lost[shard] = true;
            return false;
        }
        _lost[shard] = false;
        _highest[shard] = seen;
        return true;
    }

    public bool IsLost(int shard) => _lost[shard];

    /// <summary>The epoch that says: go on with what is there.</summary>
    public long Accepted(int shard) => _highest[shard] + Leap;
}
