using Webcluster.Chaos.Cluster;

namespace Webcluster.Chaos.Faults;

internal sealed class NodeTerm : IFault
{
    public static readonly TimeSpan ExitBound = TimeSpan.FromSeconds(60);

    public string Name => "node-term";

    public string Purpose => "SIGTERM of a node, which is started again after this time";

    public TimeSpan Lasts => TimeSpan.Zero;

    public string? WhyNot(ChaosCluster cluster) => null;

    public async Task StrikeAsync(Strike strike, CancellationToken cancellation)
    {
        var node = strike.AnyRunning();
        strike.Journal.Exited(node.Name, await node.TerminateAsync(ExitBound));
        await Task.Delay(strike.Lasts, cancellation);
        await node.StartAsync();
    }
}
