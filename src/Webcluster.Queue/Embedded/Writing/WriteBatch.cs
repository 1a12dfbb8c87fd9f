using Webcluster.Queue.Embedded.Indexing;
using Webcluster.Queue.Embedded.Storage;
using Webcluster.Queue.Embedded.Traffic;
using Webcluster.Queue.Messages;

namespace Webcluster.Queue.Embedded.Writing;

/// <summary>One transaction, and what it has done so far that the index does not know yet. Used by the writer's thread.</summary>
internal sealed class WriteBatch(WriteStore store, QueueIndex index)
{
    private readonly HashSet<MessageId> _added = [];
    private readonly Dictionary<QueuedMessage, int> _removed = [];
    private IReadOnlyList<TrafficRow> _traffic = [];

    public WriteStore Store => store;

    public void Begin()
    {
        _added.Clear();
        _removed.Clear();
        store.Begin();
    }

    /// <summary>Takes along what has changed of the traffic since the last one.</summary>
    public void Commit()
    {
        lock (index.Gate)
            _traffic = index.TakeChangedTraffic();
        foreach (var row in _traffic)
            store.Traffic.Save(row);
        store.Commit();
        _traffic = [];
    }

    public void Rollback()
    {
        store.Rollback();
        lock (index.Gate)
            index.GiveBack(_traffic);
        _traffic = [];
    }

    /// <summary>False where a message of that id is queued already, or was added earlier in this transaction.</summary>
    public bool TryAdd(MessageId id)
    {
        lock (index.Gate)
            if (index.Find(id) is not null)
                return false;
        return _added.Add(id);
    }

    /// <summary>Deletes a delivery, and its message with the last of them.</summary>
    public void Remove(Delivery delivery)
    {
        store.DeleteDelivery(delivery.Row);
        var message = delivery.Message;
        var gone = 1;
        if (message.Left > 1)
            _removed[message] = gone = _removed.GetValueOrDefault(message) + 1;
        if (gone == message.Left)
            store.DeleteMessage(message.Row);
    }
}
