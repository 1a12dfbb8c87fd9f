using Webcluster.Chaos.Cluster;

namespace Webcluster.Chaos.Faults;

internal sealed class Scale : IFault
{
    public string Name => "scale";

    public string Purpose => "starts all nodes that do not run, then stops all but one by SIGTERM; this time between two of them";

    public TimeSpan Lasts => TimeSpan.FromSeconds(5);

    public string? WhyNot(ChaosCluster cluster) => cluster.Nodes.Count > 1 ? null : "there is one node only";

    public async Task StrikeAsync(Strike strike, CancellationToken cancellation)
    {
        foreach (var node in strike.Cluster.Nodes.Where(node => !node.IsRunning))
        {
            await node.StartAsync();
            strike.Journal.Say($"{node.Name} started");
            await Task.Delay(strike.Lasts, cancellation);
        }

        foreach (var node in strike.Cluster.Nodes.Skip(1))
        {
            strike.Journal.Exited(node.Name, await node.TerminateAsync(NodeTerm.ExitBound));
            await Task.Delay(strike.Lasts, cancellation);
        }
    }
}
