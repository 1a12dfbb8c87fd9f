using Webcluster.Queue.Messages;

namespace Webcluster.Queue.Embedded.Indexing;

/// <summary>What is kept in memory of a stored message. Small on purpose: there may be millions.</summary>
internal sealed class QueuedMessage(MessageId id, long row, long acceptedAt, long expiresAt, int contentOctets)
{
    private Delivery? _last;

    public MessageId Id { get; } = id;

    public long Row { get; } = row;

    /// <summary>UTC ticks.</summary>
    public long AcceptedAt { get; } = acceptedAt;

    /// <summary>UTC ticks.</summary>
    public long ExpiresAt { get; } = expiresAt;

    public int ContentOctets { get; } = contentOctets;

    /// <summary>In the order of ordinals; those that are gone stay until the message goes.</summary>
    public IEnumerable<Delivery> Deliveries
    {
        get
        {
            for (var each = _last?.Next; each is not null; each = After(each))
                yield return each;
        }
    }

    /// <summary>Deliveries that are still stored. Changed by the writer's thread alone.</summary>
    public int Left { get; set; }

    public HotMessage? Hot { get; set; }

    public string[] Tags { get; init; } = [];

    public void Add(Delivery delivery)
    {
        if (_last is not null)
            (delivery.Next, _last.Next) = (_last.Next, delivery);
        _last = delivery;
        Left++;
    }

    public Delivery? Find(int ordinal)
    {
        for (var each = _last?.Next; each is not null; each = After(each))
            if (each.Ordinal == ordinal)
                return each.State is DeliveryState.Gone ? null : each;
        return null;
    }

    private Delivery? After(Delivery delivery) => delivery == _last ? null : delivery.Next;
}
