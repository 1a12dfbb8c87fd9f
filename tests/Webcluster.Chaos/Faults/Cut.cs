using Webcluster.Chaos.Cluster;
using Webcluster.Chaos.Ledger;

namespace Webcluster.Chaos.Faults;

internal sealed class Cut : IFault
{
    public string Name => "cut";

    public string Purpose => "the last node's link to Redis is down for this time (needs root: a network namespace)";

    public TimeSpan Lasts => TimeSpan.FromSeconds(20);

    public string? WhyNot(ChaosCluster cluster) => cluster.Redis is null ? "the queue is embedded" : cluster.Isolation is null ? "no node has a network of its own" : null;

    public async Task StrikeAsync(Strike strike, CancellationToken cancellation)
    {
        var node = strike.Cluster.Nodes[^1];
        var at = DateTimeOffset.UtcNow;
        await strike.Cluster.Isolation!.CutAsync();
        var held = await strike.Redis.HeldByAsync(node);
        strike.Journal.Say($"{node.Name} is cut off from Redis");
        try
        {
            await Task.Delay(strike.Lasts, cancellation);
        }
        finally
        {
            await strike.Cluster.Isolation.MendAsync();
            strike.Journal.Stopped(new Stoppage(StoppageKind.CutOff, node.Name, node.StartedAt, at, DateTimeOffset.UtcNow, held));
        }
    }
}
