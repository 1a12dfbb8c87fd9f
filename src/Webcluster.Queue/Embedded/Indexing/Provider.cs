using Webcluster.Queue.Embedded.Traffic;

namespace Webcluster.Queue.Embedded.Indexing;

/// <summary>A provider's traffic, and the lanes that wait until it has something to give.</summary>
internal sealed class Provider
{
    public Provider(string name, long number)
    {
        Name = name;
        Traffic = new ProviderTraffic(name);
        ByGiving = new HeapPlace<Provider>(this, number);
        ByElsewhere = new HeapPlace<Provider>(this, number);
        ByForgetting = new HeapPlace<Provider>(this, number);
    }

    public string Name { get; }

    public ProviderTraffic Traffic { get; }

    /// <summary>Lanes that there are of it.</summary>
    public int Lanes { get; set; }

    /// <summary>Lanes that are named to nobody; the first is let go first.</summary>
    public WaitingLanes Waiting { get; } = new();

    /// <summary>Those of them that the sources of other nodes may send, by when they were refused.</summary>
    public WaitingLanes Elsewhere { get; } = new();

    /// <summary>Its place among those with such lanes, by when another node may be asked.</summary>
    public HeapPlace<Provider> ByElsewhere { get; }

    /// <summary>Its place among those for which a time is known when they may have something to give.</summary>
    public HeapPlace<Provider> ByGiving { get; }

    /// <summary>Its place among those without lanes, to be forgotten.</summary>
    public HeapPlace<Provider> ByForgetting { get; }
}
