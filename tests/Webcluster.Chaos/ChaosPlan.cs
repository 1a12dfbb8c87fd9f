using Webcluster.Chaos.Cluster;
using Webcluster.Chaos.Faults;
using Webcluster.Chaos.Load;
using Webcluster.Chaos.Report;

namespace Webcluster.Chaos;

/// <summary>What a run does.</summary>
internal sealed record ChaosPlan
{
    public ClusterPlan Cluster { get; init; } = new(StoreKind.Redis, Nodes: 3, Started: 3, SmallDisk: false, Isolated: false);

    public LoadPlan Load { get; init; } = new(Mails: 20_000, Rate: 250, Precise: false, SlowShare: 0.02);

    /// <summary>One after another, again and again; or drawn by lot.</summary>
    public IReadOnlyList<PlannedFault> Faults { get; init; } = [];

    public bool Random { get; init; }

    /// <summary>Between the beginnings of two faults.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>So many faults at most. With fewer than that when the load is done, it ends all the same.</summary>
    public int MostFaults { get; init; } = int.MaxValue;

    public int Seed { get; init; }

    /// <summary>How long the queue may take to empty once nothing goes wrong any more.</summary>
    public TimeSpan EmptyWithin { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>A folder for the nodes' logs; null: they are not kept.</summary>
    public string? KeepLogs { get; init; }

    public Bounds Bounds { get; init; } = new();
}

/// <param name="Lasts">Null: as long as the fault lasts by itself.</param>
internal sealed record PlannedFault(IFault Fault, TimeSpan? Lasts)
{
    public override string ToString() => Fault.Name;
}
