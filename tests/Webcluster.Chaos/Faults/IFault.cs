using Webcluster.Chaos.Cluster;
using Webcluster.Chaos.Ledger;

namespace Webcluster.Chaos.Faults;

/// <summary>Something that goes wrong. Each strike also sets it right again, as a supervisor or an operator would.</summary>
internal interface IFault
{
    /// <summary>As --faults has it.</summary>
    string Name { get; }

    /// <summary>One line of --help.</summary>
    string Purpose { get; }

    /// <summary>How long it lasts where nothing else is said.</summary>
    TimeSpan Lasts { get; }

    /// <summary>Why it cannot happen to this cluster; null where it can.</summary>
    string? WhyNot(ChaosCluster cluster);

    /// <summary>Completes when everything is set right again.</summary>
    Task StrikeAsync(Strike strike, CancellationToken cancellation);
}

/// <summary>One occurrence of a fault.</summary>
internal sealed record Strike(ChaosCluster Cluster, Journal Journal, Random Chance, TimeSpan Lasts)
{
    public RedisStore Redis => Cluster.Redis!;

    public ClusterNode AnyRunning()
    {
        var running = Cluster.Running.ToList();
        return running[Chance.Next(running.Count)];
    }
}
