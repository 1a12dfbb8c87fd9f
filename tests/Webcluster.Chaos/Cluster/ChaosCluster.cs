using System.Net;

namespace Webcluster.Chaos.Cluster;

/// <summary>Nodes behind HAProxy, the store they share, the sinks they deliver to: real processes, all on this machine.</summary>
internal sealed class ChaosCluster : IAsyncDisposable
{
    private const int BalancerSeconds = 30;

    // In the order they are made; undone backwards.
    private readonly Stack<IAsyncDisposable> _parts = new();

    private ChaosCluster(TemporaryFolder folder) => Folder = folder;

    public TemporaryFolder Folder { get; }

    public IReadOnlyList<ClusterNode> Nodes { get; private set; } = [];

    public IClusterStore Store { get; private set; } = null!;

    /// <summary>Null where the queue is embedded.</summary>
    public RedisStore? Redis => Store as RedisStore;

    public SinkSet Sinks { get; private set; } = null!;

    public HaProxy Balancer { get; private set; } = null!;

    /// <summary>Redis stands on it; null where nobody asked for it or it cannot be had.</summary>
    public SmallDisk? Disk { get; private set; }

    /// <summary>The last node stands in it; null likewise.</summary>
    public NetworkIsolation? Isolation { get; private set; }

    /// <summary>What was asked for and cannot be had here.</summary>
    public List<string> Shortcomings { get; } = [];

    public IEnumerable<ClusterNode> Running => Nodes.Where(node => node.IsRunning);

    public static async Task<ChaosCluster> StartAsync(ClusterPlan plan)
    {
        var cluster = new ChaosCluster(new TemporaryFolder());
        try
        {
            await cluster.BuildAsync(plan);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until nothing is queued any more. What is left where that takes longer than the bound; null where nobody can
    /// tell.</summary>
    public async Task<long?> EmptiedAsync(TimeSpan atMost, CancellationToken cancellation)
    {
        for (var end = DateTime.UtcNow + atMost; ; await Task.Delay(200, cancellation))
        {
            var left = Running.FirstOrDefault() is { } node ? await node.QueuedAsync() : null;
            if (left == 0 || DateTime.UtcNow > end) return left;
        }
    }

    public void CopyLogs(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var node in Nodes) File.Copy(node.LogFile, Path.Combine(folder, $"{node.Name}.log"), overwrite: true);
    }

    public async ValueTask DisposeAsync()
    {
        while (_parts.TryPop(out var part)) await part.DisposeAsync();
        Folder.Dispose();
    }

    private async Task BuildAsync(ClusterPlan plan)
    {
        if (plan.SmallDisk) Disk = Had(await SmallDisk.MountAsync(Folder.PathOf("disk")));
        if (plan.Isolated) Isolation = Had(await NetworkIsolation.CreateAsync());
        Sinks = Had(await SinkSet.StartAsync(Folder, Isolation is null ? IPAddress.Loopback : NetworkIsolation.HostAddress));
        Store = Had(await StoreAsync(plan));
        var home = new NodeHome(Folder, Store, Sinks.Routes());
        Nodes = [.. Enumerable.Range(1, plan.Nodes).Select(number => Had(new ClusterNode(number, number == plan.Nodes ? home with { Isolation = Isolation } : home)))];
        foreach (var node in Nodes.Take(plan.Started)) await node.StartAsync();
        Balancer = Had(await HaProxy.StartAsync(Folder, [.. Nodes.Select(node => node.Address)]));
        for (var node = 1; node <= plan.Started; node++) await Balancer.WaitForAsync($"node{node}", "UP", BalancerSeconds);
    }

    private async Task<IClusterStore> StoreAsync(ClusterPlan plan) => plan.Store switch
    {
        StoreKind.Embedded => new EmbeddedStore(),
        StoreKind.Redis => await RedisStore.StartAsync(Disk?.Folder, Isolation is not null),
        StoreKind.Replicated => await RedisStore.StartReplicatedAsync(),
        _ => throw new ArgumentOutOfRangeException(nameof(plan), plan.Store, null),
    };

    private T Had<T>(T part) where T : IAsyncDisposable
    {
        _parts.Push(part);
        return part;
    }

    private T? Had<T>((T? Part, string? WhyNot) attempt) where T : class, IAsyncDisposable
    {
        if (attempt.Part is { } part) return Had(part);
        Shortcomings.Add(attempt.WhyNot!);
        return null;
    }
}

/// <param name="Started">Nodes that run at the start; the others are started by faults.</param>
/// <param name="SmallDisk">Redis on a small file system of its own.</param>
/// <param name="Isolated">The last node in a network of its own.</param>
internal sealed record ClusterPlan(StoreKind Store, int Nodes, int Started, bool SmallDisk, bool Isolated);

internal enum StoreKind
{
    Redis,

    /// <summary>A primary with a replica and a Sentinel, and the durability that waits for the replica.</summary>
    Replicated,

    /// <summary>One node.</summary>
    Embedded,
}
