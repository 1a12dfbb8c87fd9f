namespace Webcluster.Queue.Embedded.Indexing;

/// <summary>One place connections go to; its slots are shared by the lanes of all pools.</summary>
internal sealed class Site(SiteKey key)
{
    public SiteKey Key { get; } = key;

    public List<Lane> Lanes { get; } = [];

    public int Sessions { get; set; }

    public int IdleSessions { get; set; }

    /// <summary>The least that one of its lanes says it stands: until there are as many sessions, all have room.</summary>
    public int Least { get; set; } = int.MaxValue;
}

internal readonly record struct SiteKey(string Provider, string Name);
