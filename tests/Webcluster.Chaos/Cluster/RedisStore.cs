using System.Globalization;
using Webcluster.TestKit.Redis;

namespace Webcluster.Chaos.Cluster;

/// <summary>One durable Redis, or a primary with a replica and a Sentinel. As a supervisor would, whoever kills it starts it again.</summary>
internal sealed class RedisStore : IClusterStore
{
    private const string PrimaryName = "chaos";

    // Sessions of the node's lives, and the messages claimed for them. Only one life can hold anything: the others were given back or never died.
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

    private readonly RedisDaemon? _sentinel;
    private readonly Relay? _forIsolated;

    private RedisStore(RedisDaemon primary, RedisDaemon? replica, RedisDaemon? sentinel, Relay? forIsolated) =>
        (Primary, Replica, _sentinel, _forIsolated) = (primary, replica, sentinel, forIsolated);

    public RedisDaemon Primary { get; private set; }

    public RedisDaemon? Replica { get; private set; }

    public required string Folder { get; init; }

    /// <param name="folder">Where its files go; null: a folder of its own.</param>
    /// <param name="isolated">A node stands in a network of its own and needs another address.</param>
    public static async Task<RedisStore> StartAsync(string? folder, bool isolated)
    {
        var primary = await RedisDaemon.StartAsync(folder is null ? [] : ["--dir", folder]);
        var relay = isolated ? Relay.Start(NetworkIsolation.StoreAddress, primary.Port) : null;
        return new RedisStore(primary, replica: null, sentinel: null, relay) { Folder = folder ?? primary.Folder };
    }

    public static async Task<RedisStore> StartReplicatedAsync()
    {
        var primary = await RedisDaemon.StartAsync();
        var replica = await RedisDaemon.StartAsync("--replicaof", "127.0.0.1", primary.Port.ToString(CultureInfo.InvariantCulture));
        var sentinel = await RedisDaemon.StartSentinelAsync(PrimaryName, primary);
        return new RedisStore(primary, replica, sentinel, forIsolated: null) { Folder = primary.Folder };
    }

    public string QueueSection(ClusterNode node) => _sentinel is not null
        ? $"  redis:\n    sentinels: ['{_sentinel.Address}']\n    primary_name: {PrimaryName}\n    durability: replicated"
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

    /// <summary>The replica has become the primary; the old primary follows it.</summary>
    public async Task PromotedAsync(TimeSpan atMost)
    {
        (Primary, Replica) = (Replica!, Primary);
        for (var end = DateTime.UtcNow + atMost; ; await Task.Delay(50))
        {
            if ((await Primary.RunAsync("ROLE")).StartsWith("master", StringComparison.Ordinal)) return;
            if (DateTime.UtcNow > end) throw new TimeoutException($"no failover in {atMost.TotalSeconds} s");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_forIsolated is not null) await _forIsolated.DisposeAsync();
        if (_sentinel is not null) await _sentinel.DisposeAsync();
        if (Replica is not null) await Replica.DisposeAsync();
        await Primary.DisposeAsync();
    }

    private string AddressFor(ClusterNode node) => node.Isolation is null ? Primary.Address : $"{NetworkIsolation.StoreAddress}:{_forIsolated!.Port}";
}
