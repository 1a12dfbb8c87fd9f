using Webcluster.Queue.Embedded.Storage;
using Webcluster.Queue.Rules;

namespace Webcluster.Queue.Embedded.Indexing;

/// <summary>A stored rule and what it does now. Its key is when it ends.</summary>
internal sealed class ActiveRule : HeapItem
{
    public ActiveRule(in RuleRow stored)
    {
        Stored = stored;
        Tie = stored.Row;
    }

    /// <summary>As in the file, and as far as the file knows.</summary>
    public RuleRow Stored { get; set; }

    public QueueRule Rule => Stored.Rule;

    /// <summary>
    /// For a rule that sets deliveries aside: the last row gone through, while <see cref="IsWalking"/>. Not stored: a start needs no walk.
    /// </summary>
    public long Cursor { get; set; }

    /// <summary>The queue is still being gone through for it.</summary>
    public bool IsWalking { get; set; }

    /// <summary>No longer in force; what it set aside is being let go.</summary>
    public bool IsOver { get; set; }

    /// <summary>Its end came by itself, and the file does not know yet.</summary>
    public bool IsStillStored { get; set; }

    /// <summary>What it has set aside.</summary>
    public Heap<Delivery> Aside { get; } = new();
}
