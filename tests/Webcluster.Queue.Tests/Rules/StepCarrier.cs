using System.Text;
using StackExchange.Redis;
using Webcluster.Queue.Redis.Connection;
using Webcluster.Queue.Redis.Scripts;
using Webcluster.Queue.Redis.Shards;
using Webcluster.Queue.Tests.Redis.Connection;
using Webcluster.TestKit.Redis;

namespace Webcluster.Queue.Tests.Rules;

/// <summary>
/// Nodes that carry rules out a step at a time, when the test says so. While one has the work the nodes of <see
/// cref="Webcluster.Queue.Redis.RedisMailQueue"/> do not, as long as the clock stands still.
/// </summary>
internal sealed class StepCarrier(RedisLink link, TimeProvider clock, int shards) : IAsyncDisposable
{
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(5);
    private static readonly RedisScript Take = new("take", "return redis.call('HSET', KEYS[1] .. ':carrier', 'n', ARGV[1], 'u', ARGV[2])");

    private readonly Shard[] _shards = [.. Enumerable.Range(0, shards).Select(number => new Shard(number, link, siteConnections: 10, clock))];
    private readonly QueueScripts _scripts = new();

    public int Shards => shards;

    public static async Task<StepCarrier> StartAsync(RedisDaemon daemon, TimeProvider clock, int shards) =>
        new(await daemon.ConnectAsync(options => options.CallTimeout = TimeSpan.FromSeconds(15)), clock, shards);

    /// <summary>From now on the work is this node's, before there is any.</summary>
    public async Task TakeAsync(string node)
    {
        for (var shard = 0; shard < shards; shard++)
            await link.RunAsync(Take, [Shard.PrefixOf(shard)], [node, "9000000000000000"]);
    }

    /// <returns>The first word of the answer.</returns>
    public async Task<string> StepAsync(string node, int shard = 0) => (await AskAsync(node, Lease, shard))[0].Text();

    /// <summary>Steps until nothing is left to do on any shard.</summary>
    /// <returns>How many steps that took.</returns>
    public async Task<int> CarryOutAsync(string node)
    {
        var steps = 0;
        for (var shard = 0; shard < shards; shard++)
            while (await StepAsync(node, shard) is "stepped" or "done" or "over")
                steps++;
        return steps;
    }

    /// <summary>The node goes in an orderly way.</summary>
    public async Task LeaveAsync(string node)
    {
        for (var shard = 0; shard < shards; shard++)
            await AskAsync(node, TimeSpan.Zero, shard);
    }

    /// <summary>After the server was away.</summary>
    public Task ReconnectedAsync() => link.AnsweredAsync();

    public ValueTask DisposeAsync() => link.DisposeAsync();

    private async Task<RedisResult[]> AskAsync(string node, TimeSpan lease, int shard) =>
        (await _shards[shard].RunAsync(
            _scripts.Carry, Encoding.ASCII.GetBytes(node), lease.Ticks / TimeSpan.TicksPerMicrosecond, shard, shards)).Items(least: 2);
}
