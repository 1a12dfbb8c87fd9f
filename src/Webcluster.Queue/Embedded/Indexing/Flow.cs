using Webcluster.Queue.Lanes;

namespace Webcluster.Queue.Embedded.Indexing;

/// <summary>
/// The deliveries of one class and tenant in one lane. Its key is its virtual time; at equal times the more urgent class goes first.
/// </summary>
internal sealed class Flow : HeapItem
{
    /// <summary>Virtual time is counted in units of 1/<see cref="Unit"/>, so that weights up to it divide it well.</summary>
    public const int Unit = 1_000_000;

    public Flow(Lane lane, FlowKey key, int weight)
    {
        Lane = lane;
        Name = key;
        Step = Unit / Math.Clamp(weight, 1, Unit);
        Tie = (long)key.Class;
    }

    public Lane Lane { get; }

    public FlowKey Name { get; }

    /// <summary>What one delivery costs in virtual time.</summary>
    public int Step { get; }

    /// <summary>Due deliveries by when they became due.</summary>
    public Heap<Delivery> Ready { get; } = new();
}
