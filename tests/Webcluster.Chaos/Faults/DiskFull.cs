using Webcluster.Chaos.Cluster;
using Webcluster.Chaos.Ledger;

namespace Webcluster.Chaos.Faults;

/// <summary>With appendfsync always, Redis ends itself when it cannot write.</summary>
internal sealed class DiskFull : IFault
{
    public string Name => "disk-full";

    public string Purpose => "Redis's disk is full for this time (needs root: a file system of its own)";

    public TimeSpan Lasts => TimeSpan.FromSeconds(3);

    public string? WhyNot(ChaosCluster cluster) => cluster.Redis is null ? "the queue is embedded" : cluster.Disk is null ? "Redis has no disk of its own" : null;

    public async Task StrikeAsync(Strike strike, CancellationToken cancellation)
    {
        var gone = DateTimeOffset.UtcNow;
        await strike.Cluster.Disk!.FillAsync();
        strike.Journal.Say("the disk of Redis is full");
        try
        {
            await Task.Delay(strike.Lasts, cancellation);
        }
        finally
        {
            strike.Cluster.Disk.Free();
        }

        if (await strike.Redis.Primary.RunAsync("PING") == "PONG") return;
        await strike.Redis.Primary.KillAsync();
        await strike.Redis.Primary.RestartAsync();
        strike.Journal.WasAway(new Outage(gone, DateTimeOffset.UtcNow));
    }
}
