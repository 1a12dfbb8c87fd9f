using System.Globalization;
using Webcluster.Chaos.Cluster;
using Webcluster.Chaos.Ledger;

namespace Webcluster.Chaos.Faults;

internal sealed class ClientPause : IFault
{
    public string Name => "client-pause";

    public string Purpose => "Redis answers nobody for this time (CLIENT PAUSE)";

    public TimeSpan Lasts => TimeSpan.FromSeconds(3);

    public string? WhyNot(ChaosCluster cluster) => cluster.Redis is null ? "the queue is embedded" : null;

    public async Task StrikeAsync(Strike strike, CancellationToken cancellation)
    {
        var gone = DateTimeOffset.UtcNow;
        await strike.Redis.Primary.RunAsync("CLIENT", "PAUSE", strike.Lasts.TotalMilliseconds.ToString("F0", CultureInfo.InvariantCulture));
        strike.Journal.Say("Redis answers nobody");
        await Task.Delay(strike.Lasts, cancellation);
        strike.Journal.WasAway(new Outage(gone, DateTimeOffset.UtcNow));
    }
}
