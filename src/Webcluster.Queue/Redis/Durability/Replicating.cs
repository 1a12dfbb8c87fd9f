using Microsoft.Extensions.Logging;
using Webcluster.Queue.Redis.Connection;

namespace Webcluster.Queue.Redis.Durability;

/// <summary>The replicas of one primary, by way of one connection of its own.</summary>
internal sealed class Replicating : IAsyncDisposable
{
    private readonly ReplicaFence _fence;

    public Replicating(RedisLink link, DurabilityOptions options, string server, Action elsewhere, ILogger logger)
    {
        _fence = new ReplicaFence(link.Options, options, server, elsewhere);
        Acks = new ReplicaAcks(_fence.PassAsync, () => logger.NotReplicated(server));
    }

    public ReplicaAcks Acks { get; }

    public async ValueTask DisposeAsync()
    {
        await Acks.DisposeAsync();
        await _fence.DisposeAsync();
    }
}
