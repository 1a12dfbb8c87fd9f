using System.Net;
using Webcluster.Providers.Server;
using Webcluster.TestKit.Redis;

namespace Webcluster.Providers.Senders;

/// <summary>Nodes with one Redis; or a single one with a queue of its own.</summary>
internal sealed class NodeCluster : ISender
{
    private readonly RedisDaemon? _redis;
    private readonly StoreClock? _clock;

    private NodeCluster(RedisDaemon? redis, StoreClock? clock) => (_redis, _clock) = (redis, clock);

    public IReadOnlyList<SendingNode> Nodes { get; private set; } = [];

    public IPEndPoint Submission => Nodes[0].Submission;

    public string Output => string.Concat(Nodes.Select(node => $"{node.Name}:\n{node.Output}"));

    /// <param name="traffic">What each node is told, one entry for each.</param>
    public static async Task<NodeCluster> StartAsync(TemporaryFolder folder, ProviderWorld world, IReadOnlyList<NodeTraffic> traffic)
    {
        var redis = traffic.Count > 1 ? await RedisDaemon.StartAsync() : null;
        var clock = redis is not null && world.HasOwnTime ? StoreClock.Start(redis.Port, () => world.SendersNow) : null;
        var cluster = new NodeCluster(redis, clock);
        try
        {
            var settings = traffic.Select(told => new NodeSettings(world, told, clock?.Address ?? redis?.Address));
            cluster.Nodes = [.. settings.Select((own, i) => new SendingNode(folder, $"n{i + 1}.sender.example", own))];
            foreach (var node in cluster.Nodes) await node.StartAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes) await node.DisposeAsync();
        if (_clock is not null) await _clock.DisposeAsync();
        if (_redis is not null) await _redis.DisposeAsync();
    }
}
