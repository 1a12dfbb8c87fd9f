using System.Globalization;

namespace Webcluster.TestKit.Redis;

/// <summary>A Redis Cluster of three primaries, each with as many replicas as wanted.</summary>
public sealed class RedisClusterDaemons : IAsyncDisposable
{
    private RedisClusterDaemons(IReadOnlyList<RedisDaemon> nodes) => Nodes = nodes;

    public IReadOnlyList<RedisDaemon> Nodes { get; }

    public static async Task<RedisClusterDaemons> StartAsync(int replicas = 0, params string[] settings)
    {
        var nodes = new List<RedisDaemon>();
        for (var node = 0; node < 3 * (1 + replicas); node++)
            nodes.Add(await RedisDaemon.StartAsync(
                ["--cluster-enabled", "yes", "--cluster-node-timeout", "2000", "--cluster-require-full-coverage", "no", .. settings]));
        var cluster = new RedisClusterDaemons(nodes);
        var made = await nodes[0].RunAsync(["--cluster", "create", .. nodes.Select(node => node.Address),
            "--cluster-replicas", replicas.ToString(CultureInfo.InvariantCulture), "--cluster-yes"]);
        for (var tries = 0; tries < 200; tries++)
        {
            var states = await Task.WhenAll(nodes.Select(node => node.RunAsync("CLUSTER", "INFO")));
            if (states.All(state => state.Contains("cluster_state:ok", StringComparison.Ordinal)
                && state.Contains("cluster_slots_assigned:16384", StringComparison.Ordinal)))
                return cluster;
            await Task.Delay(50);
        }
        await cluster.DisposeAsync();
        throw new InvalidOperationException($"the cluster did not come about: {made}");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes)
            await node.DisposeAsync();
    }
}
