using Webcluster.Chaos.Cluster;
using Webcluster.Chaos.Ledger;

namespace Webcluster.Chaos.Faults;

internal sealed class RedisKill : IFault
{
    public string Name => "redis-kill";

    public string Purpose => "kill -9 of Redis, which is started again after this time";

    public TimeSpan Lasts => TimeSpan.FromSeconds(3);

    public string? WhyNot(ChaosCluster cluster) => cluster.Redis is null ? "the queue is embedded" : null;

    public Task StrikeAsync(Strike strike, CancellationToken cancellation) => AwayAsync(strike, () => { }, cancellation);

    /// <param name="meanwhile">What happens to the files of the dead server.</param>
    public static async Task AwayAsync(Strike strike, Action meanwhile, CancellationToken cancellation)
    {
        var gone = DateTimeOffset.UtcNow;
        strike.Journal.Say("kill -9 of Redis");
        await strike.Redis.Primary.KillAsync();
        meanwhile();
        await Task.Delay(strike.Lasts, cancellation);
        await strike.Redis.Primary.RestartAsync();
        strike.Journal.WasAway(new Outage(gone, DateTimeOffset.UtcNow));
    }
}
