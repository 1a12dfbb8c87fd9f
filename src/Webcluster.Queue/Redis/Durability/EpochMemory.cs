namespace Webcluster.Queue.Redis.Durability;

/// <summary>
/// Remembers, for each shard, the highest epoch this node has seen. Every node's heartbeat raises it, so a store where it is lower, or
/// gone, is an older one or an empty one; and stays that, however far heartbeats raise it again, until the loss is accepted: by a leap
/// that no heartbeats make, which all nodes see. Used by one loop at a time.
/// </summary>
/// <param name="known">Each shard as this node knew it when it was last running.</param>
internal sealed class EpochMemory(IEnumerable<ShardEpoch> known)
{
    private const long Leap = 1_000_000_000;
    private readonly ShardEpoch[] _shards = [.. known];

    public IReadOnlyList<ShardEpoch> Shards => _shards;

    /// <param name="epoch">Null: the key is absent.</param>
    /// <returns>False where the store went back.</returns>
    public bool Look(int shard, long? epoch)
    {
        var seen = epoch ?? 0;
        var (highest, isLost) = _shards[shard];
        isLost = isLost ? seen < highest + (Leap / 2) : seen < highest;
        _shards[shard] = new ShardEpoch(isLost ? highest : seen, isLost);
        return !isLost;
    }

    public bool IsLost(int shard) => _shards[shard].IsLost;

    /// <summary>The epoch that says: go on with what is there.</summary>
    public long Accepted(int shard) => _shards[shard].Highest + Leap;
}
