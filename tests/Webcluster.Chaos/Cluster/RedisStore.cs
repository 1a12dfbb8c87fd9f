using System.Globalization;
using Webcluster.TestKit.Redis;

namespace Webcluster.Chaos.Cluster;

/// <summary>
/// One durable Redis; or a primary with two replicas and a Sentinel, so that after a failover the new primary still has a replica to wait
/// for.
/// </summary>
internal sealed class RedisStore : IClusterStore
{
    private const string PrimaryName = "chaos";
    private const int Replicas = 2;

    // Sessions of the node's lives, and the messages claimed for them. Only one life can hold anything: the others were given back or never
    // died.
    private const string HeldScript = """
        local found = {}
        for _, node in ipairs(redis.call('ZRANGE', KEYS[1] .. ':nodes', 0, -1)) do
          if string.find(node, ARGV[1], 1, true) == 1 then
            for _, session in ipairs(redis.call('SMEMBERS', KEYS[1] .. ':n:' .. node)) do
              found[#found + 1] = 'session ' .. node
              for _, field in ipairs(redis.call('HKEYS', KEYS[1] .. ':s:' .. session)) do
                if #field == 18 then
                  local hex = string.gsub(string.sub(field, 1, 16), '.', function(octet) return string.format('%02x', string.byte(octet)) end)
                  found[#found + 1] = 'message ' .. node .. ' ' .. hex
                end
              end
            end
          end
        end
        return found
        """;

    private readonly List<RedisDaemon> _replicas = [];
    private RedisDaemon? _sentinel;
    private Relay? _forIsolated;

    private RedisStore(RedisDaemon primary) => Primary = primary;

    public RedisDaemon Primary { get; private set; }

    public bool HasReplicas => _replicas.Count > 0;

    public required string Folder { get; init; }

    /// <param name="folder">Where its files go; null: a folder of its own.</param>
    /// <param name="isolated">A node stands in a network of its own and needs another address.</param>
    public static async Task<RedisStore> StartAsync(string? folder, bool isolated)
    {
        var primary = await RedisDaemon.StartAsync(folder is null ? [] : ["--dir", folder]);
        var store = new RedisStore(primary) { Folder = folder ?? primary.Folder };
        if (isolated) store._forIsolated = Relay.Start(NetworkIsolation.StoreAddress, primary.Port);
        return store;
    }

    public static async Task<RedisStore> StartReplicatedAsync()
    {
        var primary = await RedisDaemon.StartAsync();
        var store = new RedisStore(primary) { Folder = primary.Folder };
        for (var replica = 0; replica < Replicas; replica++)
            store._replicas.Add(await RedisDaemon.StartAsync("--replicaof", "127.0.0.1", primary.Port.ToString(CultureInfo.InvariantCulture)));
        store._sentinel = await RedisDaemon.StartSentinelAsync(PrimaryName, primary);
        return store;
    }

    public string QueueSection(ClusterNode node) => _sentinel is not null
        ? $"  redis:\n    sentinels: ['{_sentinel.Address}']\n    primary_name: {PrimaryName}\n    durability:\n      mode: replicated"
        : $"  redis:\n    servers: ['{AddressFor(node)}']";

    public async Task<Held> HeldByAsync(ClusterNode node)
    {
        var answer = await Primary.RunAsync("EVAL", HeldScript, "1", "wc:{0}", node.Name + "/");
        // Ids of nodes grow with the time of their start: the last one is the life that has just ended.
        var lines = answer.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' '))
            .Where(line => line is ["session", _] or ["message", _, _]).ToList();
        if (lines.Count == 0) return Held.Nothing;
        var life = lines.Select(line => line[1]).Max(StringComparer.Ordinal);
        var held = lines.Where(line => line[1] == life).ToList();
        return new Held(
            held.Count(line => line[0] == "session"),
            [.. held.Where(line => line[0] == "message").Select(line => Guid.ParseExact(line[2], "N").ToString())]);
    }

    /// <summary>After the death of the primary: waits until another one is.</summary>
    public async Task PromotedAsync(TimeSpan atMost)
    {
        RedisDaemon? promoted = null;
        await UntilAsync(async () => (promoted = await PrimaryAmongReplicasAsync()) is not null, atMost);
        _replicas.Remove(promoted!);
        _replicas.Add(Primary);
        Primary = promoted!;
    }

    /// <summary>Waits until all servers but one follow that one.</summary>
    public Task ReplicatingAsync(TimeSpan atMost) => UntilAsync(
        async () => (await Primary.RunAsync("INFO", "replication")).Contains($"connected_slaves:{Replicas}", StringComparison.Ordinal), atMost);

    public async ValueTask DisposeAsync()
    {
        if (_forIsolated is not null) await _forIsolated.DisposeAsync();
        if (_sentinel is not null) await _sentinel.DisposeAsync();
        foreach (var replica in _replicas) await replica.DisposeAsync();
        await Primary.DisposeAsync();
    }

    private async Task<RedisDaemon?> PrimaryAmongReplicasAsync()
    {
        foreach (var replica in _replicas)
            if ((await replica.RunAsync("ROLE")).StartsWith("master", StringComparison.Ordinal))
                return replica;
        return null;
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo, TimeSpan atMost)
    {
        for (var end = DateTime.UtcNow + atMost; !await isSo(); await Task.Delay(50))
            if (DateTime.UtcNow > end)
                throw new TimeoutException($"no failover in {atMost.TotalSeconds} s");
    }

    private string AddressFor(ClusterNode node) => node.Isolation is null ? Primary.Address : $"{NetworkIsolation.StoreAddress}:{_forIsolated!.Port}";
}
