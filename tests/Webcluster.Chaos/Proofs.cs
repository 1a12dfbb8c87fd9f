using Webcluster.Chaos.Cluster;
using Webcluster.Chaos.Faults;
using Webcluster.Chaos.Load;
using Webcluster.Chaos.Report;

namespace Webcluster.Chaos;

/// <summary>What the cluster promises, as runs with their bounds.</summary>
internal static class Proofs
{
    private static readonly TimeSpan TakeoverBound = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan TenSeconds = TimeSpan.FromSeconds(10);

    public static IReadOnlyList<int> Numbers { get; } = [2, 3, 4, 5];

    public static ChaosPlan Plan(int number) => number switch
    {
        2 => NodesDie,
        3 => RedisDies,
        4 => NodesComeAndGo,
        5 => NodeStandsStill,
        _ => throw new ArgumentOutOfRangeException(nameof(number), number, null),
    };

    /// <summary>Three nodes, 20,000 mails, one of them killed every 5 seconds.</summary>
    private static ChaosPlan NodesDie => new()
    {
        Faults = [Planned("node-kill")],
        Bounds = new Bounds { Takeover = TakeoverBound, AllMarked = true },
    };

    /// <summary>Redis killed five times, its append-only file torn every second time. What was under way is not repeated.</summary>
    private static ChaosPlan RedisDies => new()
    {
        Load = new LoadPlan(Mails: 15_000, Rate: 200, Precise: false, SlowShare: 0.02),
        Faults = [Planned("redis-torn"), Planned("redis-kill")],
        MostFaults = 5,
        Every = TenSeconds,
        Bounds = new Bounds { Recovery = TenSeconds },
    };

    /// <summary>From one node to four and back.</summary>
    private static ChaosPlan NodesComeAndGo => new()
    {
        Cluster = new ClusterPlan(StoreKind.Redis, Nodes: 4, Started: 1, SmallDisk: false, Isolated: false),
        Load = new LoadPlan(Mails: 12_000, Rate: 200, Precise: false, SlowShare: 0.02),
        Faults = [Planned("scale")],
        MostFaults = 1,
        Bounds = new Bounds { Exit = TenSeconds },
    };

    /// <summary>Nodes stand still for 30 seconds in the middle of their transactions.</summary>
    private static ChaosPlan NodeStandsStill => new()
    {
        Load = new LoadPlan(Mails: 12_000, Rate: 150, Precise: false, SlowShare: 0.13),
        Faults = [Planned("node-stop", TimeSpan.FromSeconds(30))],
        MostFaults = 2,
        Every = TenSeconds,
        Bounds = new Bounds { NoLateDots = true, Takeover = TakeoverBound },
    };

    private static PlannedFault Planned(string name, TimeSpan? lasts = null) => new(FaultTable.Find(name)!, lasts);
}
