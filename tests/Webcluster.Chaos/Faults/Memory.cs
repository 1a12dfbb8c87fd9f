using System.Globalization;
using Webcluster.Chaos.Cluster;
using Webcluster.Chaos.Ledger;

namespace Webcluster.Chaos.Faults;

internal sealed class Memory : IFault
{
    private const long Above = 64 * 1024;

    public string Name => "memory";

    public string Purpose => "maxmemory is set just above what Redis uses, for this time";

    public TimeSpan Lasts => TimeSpan.FromSeconds(5);

    public string? WhyNot(ChaosCluster cluster) => cluster.Redis is null ? "the queue is embedded" : null;

    public async Task StrikeAsync(Strike strike, CancellationToken cancellation)
    {
        var redis = strike.Redis.Primary;
        var info = await redis.RunAsync("INFO", "memory");
        var used = long.Parse(info.Split('\n').First(line => line.StartsWith("used_memory:", StringComparison.Ordinal)).Split(':')[1], CultureInfo.InvariantCulture);
        await redis.RunAsync("CONFIG", "SET", "maxmemory", (used + Above).ToString(CultureInfo.InvariantCulture));
        var gone = DateTimeOffset.UtcNow;
        strike.Journal.Say("maxmemory is reached");
        try
        {
            await Task.Delay(strike.Lasts, cancellation);
        }
        finally
        {
            await redis.RunAsync("CONFIG", "SET", "maxmemory", "0");
            strike.Journal.WasAway(new Outage(gone, DateTimeOffset.UtcNow));
        }
    }
}
