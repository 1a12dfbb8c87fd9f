using Webcluster.Queue.Redis.Connection;

namespace Webcluster.Queue.Redis.Durability;

/// <summary>Which server has which shard, as it was in one generation of the link.</summary>
internal sealed class ShardHolders
{
    private readonly RedisServer[] _held;
    private readonly Dictionary<string, (RedisServer Server, int Shard)> _servers = new(StringComparer.Ordinal);

    public ShardHolders(long generation, RedisServer[] held)
    {
        Generation = generation;
        _held = held;
        for (var shard = 0; shard < held.Length; shard++)
            _servers.TryAdd(held[shard].Name, (held[shard], shard));
    }

    public static ShardHolders None { get; } = new(-1, []);

    public long Generation { get; }

    /// <summary>Each server with one of its shards.</summary>
    public IReadOnlyCollection<(RedisServer Server, int Shard)> Servers => _servers.Values;

    /// <summary>The server of a shard.</summary>
    public RedisServer Of(int shard) => _held[shard];
}
