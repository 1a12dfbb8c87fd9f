using Webcluster.Chaos.Cluster;

namespace Webcluster.Chaos.Faults;

internal sealed class ClientKill : IFault
{
    public string Name => "client-kill";

    public string Purpose => "Redis closes all connections (CLIENT KILL), those of subscribers too";

    public TimeSpan Lasts => TimeSpan.Zero;

    public string? WhyNot(ChaosCluster cluster) => cluster.Redis is null ? "the queue is embedded" : null;

    public async Task StrikeAsync(Strike strike, CancellationToken cancellation)
    {
        var commands = await strike.Redis.Primary.RunAsync("CLIENT", "KILL", "TYPE", "normal");
        var subscribers = await strike.Redis.Primary.RunAsync("CLIENT", "KILL", "TYPE", "pubsub");
        strike.Journal.Say($"Redis closed {commands} connections and {subscribers} of subscribers");
    }
}
