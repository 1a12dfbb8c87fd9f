using Webcluster.Queue.Redis.Connection;

namespace Webcluster.Queue.Redis.Durability;

/// <summary>
/// Reads the epochs of all shards, after each reconnect and every few seconds, and says when one went back. One caller at a time.
/// </summary>
internal sealed class EpochWatch(RedisLink link, int shards, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private readonly EpochMemory _memory = new(shards);
    private long _generation = -1;
    private long _lookedAt;
    private string? _lost;

    /// <returns>What was lost; null: nothing that is known.</returns>
    /// <exception cref="RedisTroubleException">A shard cannot be asked.</exception>
    public async Task<string?> LookAsync(long generation)
    {
        if (generation == _generation && _lost is null && time.GetElapsedTime(_lookedAt) < Interval)
            return null;
        var epochs = await Task.WhenAll(Enumerable.Range(0, shards).Select(ReadAsync));
        _lost = null;
        for (var shard = 0; shard < shards; shard++)
            if (!_memory.Look(shard, epochs[shard]))
                _lost ??= epochs[shard] is { } epoch
                    ? $"shard {shard} is as it was earlier (epoch {epoch})"
                    : $"shard {shard} is empty";
        (_generation, _lookedAt) = (generation, time.GetTimestamp());
        return _lost;
    }

    /// <returns>Whether there was a loss.</returns>
    /// <exception cref="RedisTroubleException">It could not be written.</exception>
    public async Task<bool> AcceptAsync()
    {
        var lost = Enumerable.Range(0, shards).Where(_memory.IsLost).ToArray();
        foreach (var shard in lost)
            await link.SetAsync(DurabilityKeys.Epoch(shard), _memory.Accepted(shard));
        return lost.Length > 0;
    }

    private async Task<long?> ReadAsync(int shard)
    {
        var value = await link.GetAsync(DurabilityKeys.Epoch(shard));
        if (value.IsNull)
            return null;
        return value.TryParse(out long epoch)
            ? epoch
            : throw new RedisTroubleException(RedisTroubleKind.BadReply, false, $"the epoch of shard {shard} is no number");
    }
}
