namespace Webcluster.Chaos.Cluster;

/// <summary>The embedded queue: one node, a folder. A dead node's mail waits for its next start.</summary>
internal sealed class EmbeddedStore : IClusterStore
{
    // Sinks, and connections to each: a node that is dead cannot be asked.
    private const int MostSessions = 5 * 10;

    public string QueueSection(ClusterNode node) => "  folder: queue";

    public Task<Held> HeldByAsync(ClusterNode node) => Task.FromResult(new Held(MostSessions, []));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
