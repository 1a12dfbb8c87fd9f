using Webcluster.Chaos.Cluster;
using Webcluster.Chaos.Ledger;

namespace Webcluster.Chaos.Faults;

internal sealed class NodeStop : IFault
{
    public string Name => "node-stop";

    public string Purpose => "SIGSTOP of a node, SIGCONT after this time";

    public TimeSpan Lasts => TimeSpan.FromSeconds(30);

    public string? WhyNot(ChaosCluster cluster) => null;

    public async Task StrikeAsync(Strike strike, CancellationToken cancellation)
    {
        var node = strike.AnyRunning();
        var at = DateTimeOffset.UtcNow;
        node.Suspend();
        var held = await strike.Cluster.Store.HeldByAsync(node);
        strike.Journal.Say($"SIGSTOP of {node.Name}");
        try
        {
            await Task.Delay(strike.Lasts, cancellation);
        }
        finally
        {
            strike.Journal.Stopped(new Stoppage(StoppageKind.Suspended, node.Name, node.StartedAt, at, DateTimeOffset.UtcNow, held));
            node.Resume();
        }
    }
}
