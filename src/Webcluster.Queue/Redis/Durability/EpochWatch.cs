using Webcluster.Queue.Redis.Connection;

namespace Webcluster.Queue.Redis.Durability;

/// <summary>
/// Reads the epochs of all shards, after each reconnect and every few seconds, and says when one went back. One caller at a time.
/// </summary>
/// <param name="file">Where what was seen outlives this process; null: nowhere.</param>
internal sealed class EpochWatch(RedisLink link, int shards, EpochFile? file, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private readonly EpochMemory _memory = new(file?.Read() ?? new ShardEpoch[shards]);
    private ShardEpoch[]? _kept;
    private long _keptAt;
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
                    ? $"shard {shard} is as it was earlier (epoch {epoch}, once {_memory.Shards[shard].Highest})"
                    : $"shard {shard} is empty";
        (_generation, _lookedAt) = (generation, time.GetTimestamp());
        await KeepAsync();
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

    /// <summary>Now and then; at once where it is about a loss, which a restart must not hide.</summary>
    private async Task KeepAsync()
    {
        if (file is null)
            return;
        ShardEpoch[] now = [.. _memory.Shards];
        var isUrgent = _kept is null || !now.Select(shard => shard.IsLost).SequenceEqual(_kept.Select(shard => shard.IsLost));
        if (!isUrgent && (time.GetElapsedTime(_keptAt) < Interval || now.AsSpan().SequenceEqual(_kept)))
            return;
        await Task.Run(() => file.Write(now));
        (_kept, _keptAt) = (now, time.GetTimestamp());
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
