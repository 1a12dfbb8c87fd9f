using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Webcluster.Queue.Redis.Connection;

namespace Webcluster.Queue.Redis.Durability;

/// <summary>
/// The primaries that have the queue's shards: one, or several of a cluster. Watched by one loop; asked for replicas by everybody.
/// </summary>
internal sealed class PrimaryWatches(RedisLink link, DurabilityOptions options, int shards, TimeProvider time, ILogger logger)
    : IAsyncDisposable
{
    private static readonly TimeSpan MapAge = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, ServerWatch> _watches = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Replicating> _replicating = new(StringComparer.Ordinal);
    private volatile ShardHolders _holders = ShardHolders.None;
    private volatile bool _isOutdated;
    private long _mappedAt;

    /// <summary>Octets used and allowed, of the server where they are closest.</summary>
    public (long Used, long Limit) Memory { get; private set; }

    /// <returns>The gravest state of all.</returns>
    /// <exception cref="RedisTroubleException">One cannot be asked.</exception>
    public async Task<(DurabilityState State, string Why)> LookAsync(long generation)
    {
        await MapAsync(generation);
        var worst = (State: DurabilityState.Durable, Why: "");
        foreach (var (server, shard) in _holders.Servers)
        {
            if (!_watches.TryGetValue(server.Name, out var watch))
                _watches[server.Name] = watch = new ServerWatch(options, time, logger);
            var found = await watch.LookAsync(link, server, shard);
            // It may have been one before: another has its shards then.
            if (watch.IsReplica && link.Options.Cluster)
                _isOutdated = true;
            if (found.State > worst.State)
                worst = found;
        }
        Memory = _watches.Values.Select(watch => (watch.UsedMemory, watch.MemoryLimit))
            .MaxBy(memory => memory.MemoryLimit > 0 ? (double)memory.UsedMemory / memory.MemoryLimit : 0);
        return worst;
    }

    /// <summary>Whether enough replicas of all those shards have everything stored before this call.</summary>
    public async Task<bool> ReplicatedAsync(IReadOnlyCollection<int> where)
    {
        var holders = _holders;
        if (holders.Servers.Count == 0)
            return false;
        var acks = where.GroupBy(shard => holders.Of(shard).Name, StringComparer.Ordinal)
            .Select(server => Replicas(server.Key).Acks.ConfirmAsync([.. server]));
        return (await Task.WhenAll(acks)).All(replicated => replicated);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var replicating in _replicating.Values)
            await replicating.DisposeAsync();
    }

    // Slots may move while connections stay: fences hear of it.
    private async Task MapAsync(long generation)
    {
        if (_holders.Generation == generation && !_isOutdated && time.GetElapsedTime(_mappedAt) < MapAge)
            return;
        _isOutdated = false;
        RedisServer[] held;
        try
        {
            held = await Task.WhenAll(Enumerable.Range(0, shards).Select(shard => link.HolderAsync(DurabilityKeys.Epoch(shard))));
        }
        catch (RedisTroubleException)
        {
            _isOutdated = true;
            throw;
        }
        _holders = new ShardHolders(generation, held);
        _mappedAt = time.GetTimestamp();
        foreach (var gone in _watches.Keys.Except(held.Select(server => server.Name)).ToArray())
            _watches.Remove(gone);
    }

    private Replicating Replicas(string server) =>
        _replicating.GetOrAdd(server, name => new Replicating(link, options, name, () => _isOutdated = true, logger));
}
