using Webcluster.Queue.Embedded.Indexing;

namespace Webcluster.Queue.Embedded.Writing;

/// <summary>
/// Something to be made durable. The writer calls, on its own thread: <see cref="Write"/> inside a transaction, perhaps again in another
/// one after that failed; then either <see cref="Apply"/> and <see cref="Succeed"/>, or <see cref="Fail"/>.
/// </summary>
internal abstract class WriteOperation
{
    /// <summary>Roughly how much is written, to bound a group.</summary>
    public abstract long Octets { get; }

    /// <summary>Must leave no trace outside the transaction but in this object.</summary>
    public abstract void Write(WriteBatch batch);

    /// <summary>The commit has returned: changes the index, whose gate is held.</summary>
    public abstract void Apply(QueueIndex index);

    /// <summary>Tells the caller, outside of the gate.</summary>
    public abstract void Succeed();

    /// <summary>Nothing of it was stored.</summary>
    public abstract void Fail(EnqueueResult why);

    /// <summary>Whether failing alone shows that outcomes cannot be stored; otherwise a probe is written to find out.</summary>
    public virtual bool ShowsFailure => true;
}
