namespace Webcluster.Queue.Embedded.Indexing;

/// <summary>
/// Scheduled → Ready when due; Ready → Held by a claim; Held → Settling when its outcome goes to the writer; Settling → Gone, Scheduled or
/// Ready when that is durable. Held goes back to Ready by release and reap; Settling does not, it belongs to the writer until the truth is
/// known. What a rule holds is SetAside instead of Scheduled or Ready.
/// </summary>
internal enum DeliveryState : byte { Scheduled, Ready, Held, Settling, Gone, SetAside }

/// <summary>
/// What is kept in memory of a stored delivery. Its key is when it is due (UTC ticks), its tie the row: first come, first served.
/// </summary>
internal sealed class Delivery : HeapItem
{
    public Delivery(QueuedMessage message, Flow flow, long row, long due, int ordinal)
    {
        Message = message;
        Flow = flow;
        Tie = row;
        Key = due;
        Ordinal = ordinal;
        Next = this;
    }

    public QueuedMessage Message { get; }

    /// <summary>The message's next, in a ring: behind the last comes the first.</summary>
    public Delivery Next { get; set; }

    public Flow Flow { get; set; }

    public long Row => Tie;

    public int Ordinal { get; }

    public int Attempts { get; set; }

    public DeliveryState State { get; set; }

    /// <summary>Of its recipients, each once.</summary>
    public string[] Domains { get; set; } = [];

    /// <summary>Why it is to fail without an attempt; null: it is not.</summary>
    public string? Bounce { get; set; }

    /// <summary>Which rule has set it aside.</summary>
    public ActiveRule? Rule { get; set; }

    public bool MayHaveBeenSent { get; set; }

    /// <summary>Who claimed it, while Held or Settling; null for an outcome that settles late.</summary>
    public Session? Holder { get; set; }
}
