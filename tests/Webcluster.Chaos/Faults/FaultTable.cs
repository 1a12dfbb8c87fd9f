namespace Webcluster.Chaos.Faults;

/// <summary>All faults, by name.</summary>
internal static class FaultTable
{
    public static IReadOnlyList<IFault> All { get; } =
    [
        new NodeKill(), new NodeStop(), new NodeTerm(), new Scale(), new RedisKill(), new RedisTorn(), new ClientKill(), new ClientPause(), new Memory(),
        new DiskFull(), new Failover(), new Cut(),
    ];

    public static IFault? Find(string name) => All.FirstOrDefault(fault => fault.Name == name);
}
