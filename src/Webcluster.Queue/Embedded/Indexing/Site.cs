namespace Webcluster.Queue.Embedded.Indexing;

/// <summary>One place connections go to; its slots are shared by the lanes of all pools.</summary>
internal sealed class Site(SiteKey key, int connections)
{
    public SiteKey Key { get; } = key;

    public List<Lane> Lanes { get; } = [];

    public int Sessions { get; set; }

    public int IdleSessions { get; set; }

    /// <summary>How many connections it stands.</summary>
    public int Connections { get; set; } = connections;

    public bool HasRoom => Sessions < Connections;
}

internal readonly record struct SiteKey(string Provider, string Name);
