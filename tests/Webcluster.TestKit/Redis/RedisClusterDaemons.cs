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

    public async Task<int> SlotAsync(string key) => int.Parse(await Nodes[0].RunAsync("CLUSTER", "KEYSLOT", key), CultureInfo.InvariantCulture);

    /// <summary>The node that says it has the slot.</summary>
    public async Task<RedisDaemon> OwnerAsync(int slot)
    {
        foreach (var node in Nodes)
            if ((await node.RunAsync("CLUSTER", "NODES")).Split('\n').First(line => line.Contains("myself", StringComparison.Ordinal)) is var line
                && line.Contains("master", StringComparison.Ordinal) && line.Split(' ').Skip(8).Any(range => Has(range, slot)))
                return node;
        throw new InvalidOperationException($"nobody has slot {slot}");
    }

    /// <summary>The slot is about to move: from now on the one has what it still has, and the other whatever is asked of it with
    /// ASKING.</summary>
    public static async Task BeginMoveAsync(int slot, RedisDaemon from, RedisDaemon to)
    {
        await to.RunAsync("CLUSTER", "SETSLOT", Text(slot), "IMPORTING", await from.RunAsync("CLUSTER", "MYID"));
        await from.RunAsync("CLUSTER", "SETSLOT", Text(slot), "MIGRATING", await to.RunAsync("CLUSTER", "MYID"));
    }

    /// <summary>All is as before <see cref="BeginMoveAsync"/>.</summary>
    public static async Task AbandonMoveAsync(int slot, RedisDaemon from, RedisDaemon to)
    {
        await from.RunAsync("CLUSTER", "SETSLOT", Text(slot), "STABLE");
        await to.RunAsync("CLUSTER", "SETSLOT", Text(slot), "STABLE");
    }

    /// <summary>Moves one slot to another node, whole.</summary>
    public async Task MoveAsync(int slot, RedisDaemon from, RedisDaemon to)
    {
        await BeginMoveAsync(slot, from, to);
        var keys = (await from.RunAsync("CLUSTER", "GETKEYSINSLOT", Text(slot), "1000")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (keys.Length > 0)
            await from.RunAsync(["MIGRATE", "127.0.0.1", Text(to.Port), "", "0", "5000", "KEYS", .. keys]);
        var owner = await to.RunAsync("CLUSTER", "MYID");
        foreach (var node in new[] { to, from }.Concat(Nodes))
            await node.RunAsync("CLUSTER", "SETSLOT", Text(slot), "NODE", owner);
    }

    /// <summary>A replica takes its primary's place, and that becomes its replica.</summary>
    public static async Task HandOverAsync(RedisDaemon primary, RedisDaemon replica)
    {
        for (var tries = 0; !(await primary.RunAsync("INFO", "replication")).Contains("role:slave", StringComparison.Ordinal); tries++)
        {
            if (tries == 1000)
                throw new TimeoutException("the replica does not become the primary");
            // On a slow machine the others may not vote in time; then it gives up after 5 s.
            if (tries % 120 == 0)
                await replica.RunAsync("CLUSTER", "FAILOVER");
            await Task.Delay(50);
        }
    }

    /// <summary>Moves the lowest slots of a node to another, key by key, as operators do.</summary>
    public static async Task<string> ReshardAsync(RedisDaemon from, RedisDaemon to, int slots) => await from.RunAsync(
        "--cluster", "reshard", from.Address, "--cluster-from", await from.RunAsync("CLUSTER", "MYID"), "--cluster-to", await to.RunAsync("CLUSTER", "MYID"),
        "--cluster-slots", Text(slots), "--cluster-yes");

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes)
            await node.DisposeAsync();
    }

    private static bool Has(string range, int slot)
    {
        var ends = range.Split('-');
        return int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            && int.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var last) && slot >= first && slot <= last;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
