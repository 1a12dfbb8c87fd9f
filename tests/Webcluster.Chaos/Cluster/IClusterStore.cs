namespace Webcluster.Chaos.Cluster;

/// <summary>Where the nodes' queue lives.</summary>
internal interface IClusterStore : IAsyncDisposable
{
    /// <summary>The lines below "queue:" in a node's configuration, indented.</summary>
    string QueueSection(ClusterNode node);

    /// <summary>What a node that was just killed or stopped still holds. To be asked before anybody can have given it back.</summary>
    Task<Held> HeldByAsync(ClusterNode node);
}

/// <param name="Sessions">Connections it had the right to.</param>
/// <param name="Messages">Ids of the messages it had claimed; empty where the store cannot tell.</param>
internal sealed record Held(int Sessions, IReadOnlyList<string> Messages)
{
    public static Held Nothing { get; } = new(0, []);
}
