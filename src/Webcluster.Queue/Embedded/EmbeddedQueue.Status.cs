using Webcluster.Queue.Embedded.Indexing;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Sessions;
using Webcluster.Queue.Status;

namespace Webcluster.Queue.Embedded;

public sealed partial class EmbeddedQueue
{
    public ValueTask<QueueCounts> CountAsync(CancellationToken cancellation) => ValueTask.FromResult(Count());

    public ValueTask<IReadOnlyList<LaneStatus>> LanesAsync(int most, CancellationToken cancellation)
    {
        lock (_index.Gate)
            return ValueTask.FromResult(_index.Largest(most, _health.IsFailing ? WaitReason.StoreUnavailable : null));
    }

    public ValueTask<IReadOnlyList<LaneStatus>> SiteLanesAsync(string provider, string site, CancellationToken cancellation)
    {
        lock (_index.Gate)
            return ValueTask.FromResult(_index.LanesOf(provider, site, _health.IsFailing ? WaitReason.StoreUnavailable : null));
    }

    public async ValueTask<IReadOnlyList<DeliveryStatus>> FindAsync(MessageId id, CancellationToken cancellation)
    {
        var found = new List<(DeliveryStatus Status, long Row, IReadOnlyList<QueuedRecipient>? Recipients)>();
        lock (_index.Gate)
        {
            if (_index.Find(id) is not { } message)
                return [];
            foreach (var delivery in message.Deliveries)
                if (delivery.State is not DeliveryState.Gone)
                    found.Add((QueueIndex.StatusOf(delivery), delivery.Row, message.Hot?.Message.Deliveries[delivery.Ordinal].Recipients));
        }
        var result = new List<DeliveryStatus>(found.Count);
        foreach (var (status, row, hot) in found)
        {
            // One that was settled since is left out.
            var recipients = hot ?? await ReadFileAsync(store => store.Recipients(row), cancellation);
            if (recipients is not null)
                result.Add(status with { Recipients = recipients });
        }
        return result;
    }

    private QueueCounts Count()
    {
        lock (_index.Gate)
            return _index.Count();
    }
}
