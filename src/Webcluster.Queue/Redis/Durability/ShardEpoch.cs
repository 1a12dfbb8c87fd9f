namespace Webcluster.Queue.Redis.Durability;

/// <summary>What a node knows of one shard's epoch.</summary>
/// <param name="Highest">The highest it has seen; 0: none yet.</param>
/// <param name="IsLost">The shard has gone back behind that, and nobody has accepted it.</param>
internal readonly record struct ShardEpoch(long Highest, bool IsLost);
