using Webcluster.Chaos.Cluster;
using Webcluster.Chaos.Ledger;

namespace Webcluster.Chaos.Faults;

/// <summary>Outcomes do not wait for the replica, so that what was settled in the last moment may be sent again.</summary>
internal sealed class Failover : IFault
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    public string Name => "failover";

    public string Purpose => "kill -9 of the primary, which comes back as a replica of the new one (needs --store replicated)";

    public TimeSpan Lasts => TimeSpan.FromSeconds(5);

    public string? WhyNot(ChaosCluster cluster) => cluster.Redis is { HasReplicas: true } ? null : "there is no replica";

    public async Task StrikeAsync(Strike strike, CancellationToken cancellation)
    {
        foreach (var node in strike.Cluster.Running)
        {
            var held = await strike.Redis.HeldByAsync(node);
            strike.Journal.Stopped(new Stoppage(StoppageKind.FailedOver, node.Name, node.StartedAt, DateTimeOffset.UtcNow, DateTimeOffset.UtcNow, held));
        }

        var gone = DateTimeOffset.UtcNow;
        var old = strike.Redis.Primary;
        await old.KillAsync();
        await strike.Redis.PromotedAsync(Bound);
        strike.Journal.WasAway(new Outage(gone, DateTimeOffset.UtcNow));
        await Task.Delay(strike.Lasts, cancellation);
        await old.RestartAsync();
        await strike.Redis.ReplicatingAsync(Bound);
    }
}
