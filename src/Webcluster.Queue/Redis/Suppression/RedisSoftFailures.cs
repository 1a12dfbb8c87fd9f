using StackExchange.Redis;
using Webcluster.Queue.Redis.Connection;
using Webcluster.Queue.Redis.Scripts;
using Webcluster.Queue.Redis.Shards;
using Webcluster.Queue.Suppression;

namespace Webcluster.Queue.Redis.Suppression;

/// <summary>Soft failures as buckets of addresses, where the suppression list has the same addresses. A count that is lost with a server is
/// no harm, so nothing waits for it to be durable.</summary>
internal sealed class RedisSoftFailures(ShardMap shards, QueueScripts scripts) : ISoftFailures
{
    // One script keeps Redis from everybody else for some milliseconds at most.
    private const int AtATime = 200;

    public async ValueTask<IReadOnlyList<int>> CountAsync(
        IReadOnlyList<SoftFailure> failures, SoftFailureLimit limit, CancellationToken cancellation)
    {
        var counts = new int[failures.Count];
        await OnShardsAsync([.. failures.Index()], failure => failure.Item.Key, async (shard, some) =>
        {
            RedisValue[] arguments =
            [
                limit.Count, (long)limit.Within.TotalSeconds,
                .. some.SelectMany(failure => (RedisValue[])[.. Name(failure.Item.Key), SoftFailureRecord.MarkOf(failure.Item.Message)]),
            ];
            var reply = (await shard.RunAsync(scripts.CountSoft, arguments)).Items();
            if (reply.Length != some.Length) throw Reply.Bad("a list of another length");
            foreach (var (failure, count) in some.Zip(reply)) counts[failure.Index] = (int)count.Number();
        }, cancellation);
        return counts;
    }

    public Task ForgetAsync(IReadOnlyList<SuppressionKey> keys, CancellationToken cancellation) => OnShardsAsync(
        keys, key => key, (shard, some) => shard.RunAsync(scripts.ForgetSoft, [.. some.SelectMany(Name)]), cancellation);

    private static RedisValue[] Name(SuppressionKey key)
    {
        var name = new SuppressionName(key.Address);
        return [SuppressionName.Encode(name.Bucket), name.Field(key.Tenant)];
    }

    private Shard Of(SuppressionKey key) => shards.Of(new SuppressionName(key.Address).Bucket, SuppressionName.Buckets);

    /// <summary>In their order: the same address may come twice.</summary>
    private async Task OnShardsAsync<T>(
        IReadOnlyList<T> items, Func<T, SuppressionKey> keyOf, Func<Shard, T[], Task> run, CancellationToken cancellation)
    {
        try
        {
            foreach (var group in items.GroupBy(item => Of(keyOf(item))))
                foreach (var some in group.Chunk(AtATime))
                {
                    cancellation.ThrowIfCancellationRequested();
                    await run(group.Key, some);
                }
        }
        catch (RedisTroubleException trouble)
        {
            throw new QueueUnavailableException(trouble.Message, trouble);
        }
    }
}
