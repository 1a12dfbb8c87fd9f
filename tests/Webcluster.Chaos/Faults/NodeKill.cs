using Webcluster.Chaos.Cluster;
using Webcluster.Chaos.Ledger;

namespace Webcluster.Chaos.Faults;

internal sealed class NodeKill : IFault
{
    public string Name => "node-kill";

    public string Purpose => "kill -9 of a node, which is started again after this time";

    public TimeSpan Lasts => TimeSpan.Zero;

    public string? WhyNot(ChaosCluster cluster) => null;

    public async Task StrikeAsync(Strike strike, CancellationToken cancellation)
    {
        var node = strike.AnyRunning();
        var life = node.StartedAt;
        await node.KillAsync();
        var at = DateTimeOffset.UtcNow;
        var held = await strike.Cluster.Store.HeldByAsync(node);
        strike.Journal.Stopped(new Stoppage(StoppageKind.Killed, node.Name, life, at, Until: null, held));
        await Task.Delay(strike.Lasts, cancellation);
        await node.StartAsync();
    }
}
