using Webcluster.Chaos.Cluster;

namespace Webcluster.Chaos.Faults;

internal sealed class RedisTorn : IFault
{
    public string Name => "redis-torn";

    public string Purpose => "as redis-kill, and its append-only file ends within a transaction";

    public TimeSpan Lasts => TimeSpan.FromSeconds(3);

    public string? WhyNot(ChaosCluster cluster) => cluster.Redis is null ? "the queue is embedded" : null;

    public Task StrikeAsync(Strike strike, CancellationToken cancellation) =>
        RedisKill.AwayAsync(strike, () => AofTail.Tear(strike.Redis.Folder), cancellation);
}
