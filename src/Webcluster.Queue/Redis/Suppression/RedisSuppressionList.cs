using StackExchange.Redis;
using Webcluster.Queue.Redis.Connection;
using Webcluster.Queue.Redis.Scripts;
using Webcluster.Queue.Redis.Shards;
using Webcluster.Queue.Suppression;

namespace Webcluster.Queue.Redis.Suppression;

/// <summary>The list as buckets of entries, spread over all shards.</summary>
/// <param name="storing">Called before something is written. What it returns says whether that, on these shards, is as durable as mail must
/// be.</param>
internal sealed class RedisSuppressionList(
    ShardMap shards, QueueScripts scripts, Func<Func<IReadOnlyCollection<int>, Task<bool>>> storing, TimeProvider time) : ISuppressionList
{
    // One script keeps Redis from everybody else for some milliseconds at most.
    private const int AddedAtATime = 200;
    private const int ShardsAtATime = 4;
    private const int BucketsAtATime = 1024;
    private const int MostLooks = 64;
    private const int SweptAtATime = 1000;
    private const int Stride = 3;

    private readonly GroupedScript _lookUps = new(scripts.Suppressed, shards, time);

    public async ValueTask<IReadOnlyList<SuppressionEntry?>> FindAsync(
        string tenant, IReadOnlyList<SuppressedAddress> addresses, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            if (addresses.Count == 1) return await FindAsync(Of(addresses[0]), tenant, addresses);
            var found = new SuppressionEntry?[addresses.Count];
            await Task.WhenAll(addresses.Index().GroupBy(address => Of(address.Item)).Select(async shard =>
            {
                var entries = await FindAsync(shard.Key, tenant, [.. shard.Select(address => address.Item)]);
                foreach (var ((index, _), entry) in shard.Zip(entries)) found[index] = entry;
            }));
            return found;
        }
        catch (RedisTroubleException trouble)
        {
            throw new QueueUnavailableException(trouble.Message, trouble);
        }
    }

    public async Task<SuppressionChanges> AddAsync(IReadOnlyList<SuppressionEntry> entries, CancellationToken cancellation)
    {
        foreach (var entry in entries)
            if (entry.Problems().FirstOrDefault() is { Field: not null } problem)
                throw new ArgumentException($"{problem.Field} {problem.Problem}", nameof(entries));
        var (added, changed) = (0, 0);
        await OnShardsAsync(entries, entry => entry.Key.Address, async (shard, some) =>
        {
            var reply = (await shard.RunAsync(scripts.Suppress, [.. some.SelectMany(Arguments)])).Items(least: 2);
            Interlocked.Add(ref added, (int)reply[0].Number());
            Interlocked.Add(ref changed, (int)reply[1].Number());
        }, cancellation);
        return new SuppressionChanges(added, changed, entries.Count - added - changed);
    }

    public async Task<int> RemoveAsync(IReadOnlyList<SuppressionKey> keys, CancellationToken cancellation)
    {
        var removed = 0;
        await OnShardsAsync(keys, key => key.Address, async (shard, some) => Interlocked.Add(
            ref removed, (int)(await shard.RunAsync(scripts.Unsuppress, [.. some.SelectMany(Arguments)])).Number()), cancellation);
        return removed;
    }

    public async ValueTask<SuppressionPage?> ListAsync(SuppressionQuery query, CancellationToken cancellation)
    {
        if (!SuppressionCursor.TryParse(query.Cursor, out var at)) return null;
        var page = new List<SuppressionEntry>();
        try
        {
            for (var looks = 0; looks < MostLooks && page.Count < query.Most && at.Bucket < SuppressionName.Buckets; looks++)
            {
                cancellation.ThrowIfCancellationRequested();
                var (rows, next) = await RowsAsync(at, query.Most - page.Count);
                foreach (var row in rows)
                {
                    if (page.Count == query.Most) return new SuppressionPage(page, at.ToString());
                    if (query.Wants(row.Entry)) page.Add(row.Entry);
                    at = new SuppressionCursor(row.Bucket, row.Field);
                }

                at = new SuppressionCursor(next, default);
            }
        }
        catch (RedisTroubleException trouble)
        {
            throw new QueueUnavailableException(trouble.Message, trouble);
        }

        return new SuppressionPage(page, at.Bucket < SuppressionName.Buckets ? at.ToString() : null);
    }

    /// <summary>Takes the next step, on each shard, of removing what has expired; none where another node took one within the
    /// interval.</summary>
    /// <returns>How many were removed, and how many entries there are.</returns>
    /// <exception cref="RedisTroubleException">Whatever went wrong.</exception>
    public async Task<(long Removed, long Entries)> SweepAsync(TimeSpan interval)
    {
        var swept = await Task.WhenAll(shards.All.Select(async shard => (await shard.RunAsync(
            scripts.Sweep, First(shard.Number), First(shard.Number + 1), (long)interval.TotalMicroseconds, SweptAtATime, BucketsAtATime))
            .Items(least: 2)));
        return (swept.Sum(reply => reply[0].Number()), swept.Sum(reply => reply[1].Number()));
    }

    private static IEnumerable<RedisValue> Arguments(SuppressionEntry entry) => [.. Arguments(entry.Key), SuppressionCodec.Encode(entry)];

    private static IEnumerable<RedisValue> Arguments(SuppressionKey key)
    {
        var name = new SuppressionName(key.Address);
        return [SuppressionName.Encode(name.Bucket), name.Field(key.Tenant)];
    }

    private Shard Of(SuppressedAddress address) => Of(new SuppressionName(address).Bucket);

    private Shard Of(int bucket) => shards.Of(bucket, SuppressionName.Buckets);

    private int First(int shard) => SuppressionName.FirstOf(shard, shards.All.Count);

    private async Task<IReadOnlyList<SuppressionEntry?>> FindAsync(
        Shard shard, string tenant, IReadOnlyList<SuppressedAddress> addresses)
    {
        var arguments = new RedisValue[addresses.Count * Stride];
        for (var i = 0; i < addresses.Count; i++)
        {
            var name = new SuppressionName(addresses[i]);
            arguments[i * Stride] = SuppressionName.Encode(name.Bucket);
            arguments[i * Stride + 1] = name.Field(tenant);
            arguments[i * Stride + 2] = name.Field(SuppressionKey.Everybody);
        }

        var reply = (await _lookUps.RunAsync(shard, arguments)).Items();
        if (reply.Length != 2 * addresses.Count) throw Reply.Bad("a list of another length");
        return [.. addresses.Select((address, i) =>
            Entry(new SuppressionKey(tenant, address), reply[2 * i])
            ?? Entry(new SuppressionKey(SuppressionKey.Everybody, address), reply[2 * i + 1]))];
    }

    private static SuppressionEntry? Entry(SuppressionKey key, RedisResult reply) => reply.Octets() switch
    {
        [] => null,
        var record => SuppressionCodec.TryDecode(key, record, out var entry) ? entry : throw Reply.Bad("a suppression that cannot be read"),
    };

    /// <summary>The same shard's one after the other, in their order; some shards at once.</summary>
    private async Task OnShardsAsync<T>(
        IReadOnlyList<T> items, Func<T, SuppressedAddress> addressOf, Func<Shard, T[], Task> run, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var groups = items.GroupBy(item => Of(addressOf(item))).ToList();
        var isKept = storing();
        try
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = ShardsAtATime, CancellationToken = cancellation };
            await Parallel.ForEachAsync(groups, options, async (group, stop) =>
            {
                foreach (var some in group.Chunk(AddedAtATime))
                {
                    stop.ThrowIfCancellationRequested();
                    await run(group.Key, some);
                }
            });
        }
        catch (RedisTroubleException trouble)
        {
            throw new QueueUnavailableException(trouble.Message, trouble);
        }

        if (groups.Count > 0 && !await isKept([.. groups.Select(group => group.Key.Number)]))
            throw new QueueUnavailableException("it is not certain that what was written is kept");
    }

    /// <summary>Entries behind the cursor in the order of cursors, whole buckets of one shard, and the bucket behind them.</summary>
    private async Task<(List<Row> Rows, int Next)> RowsAsync(SuppressionCursor at, int enough)
    {
        var shard = Of(at.Bucket);
        // What the cursor is behind of is in the answer too.
        RedisValue[] arguments = [at.Bucket, First(shard.Number + 1), enough, BucketsAtATime];
        var reply = (await shard.RunAsync(scripts.Suppressions, arguments)).Items(least: 1, stride: Stride);
        var rows = new List<Row>(reply.Length / Stride);
        for (var i = 1; i < reply.Length; i += Stride)
        {
            var (bucket, field) = ((int)reply[i].Number(), reply[i + 1].Octets());
            if (!at.IsBefore(bucket, field)) continue;
            var key = SuppressionName.Key(field) ?? throw Reply.Bad("a suppression that cannot be read");
            rows.Add(new Row(bucket, field, Entry(key, reply[i + 2])!));
        }

        rows.Sort((one, other) => one.Bucket != other.Bucket
            ? one.Bucket.CompareTo(other.Bucket) : one.Field.AsSpan().SequenceCompareTo(other.Field));
        return (rows, (int)reply[0].Number());
    }

    private readonly record struct Row(int Bucket, byte[] Field, SuppressionEntry Entry);
}
