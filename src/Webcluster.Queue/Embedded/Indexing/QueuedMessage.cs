using Webcluster.Queue.Messages;

namespace Webcluster.Queue.Embedded.Indexing;

/// <summary>What is kept in memory of a stored message. Small on purpose: there may be millions.</summary>
internal sealed class QueuedMessage(MessageId id, long row, long acceptedAt, long expiresAt, int contentOctets)
{
    public MessageId Id { get; } = id;

    public long Row { get; } = row;

    /// <summary>UTC ticks.</summary>
    public long AcceptedAt { get; } = acceptedAt;

    /// <summary>UTC ticks.</summary>
    public long ExpiresAt { get; } = expiresAt;

    public int ContentOctets { get; } = contentOctets;

    /// <summary>In the order of ordinals; those that are gone stay until the message goes.</summary>
    public Delivery[] Deliveries { get; private set; } = [];

    /// <summary>Deliveries that are still stored. Changed by the writer's thread alone.</summary>
    public int Left { get; set; }

    public HotMessage? Hot { get; set; }

    public string[] Tags { get; init; } = [];

    public void Add(Delivery delivery)
    {
        Deliveries = [.. Deliveries, delivery];
        Left++;
    }

    public Delivery? Find(int ordinal)
    {
        foreach (var delivery in Deliveries)
            if (delivery.Ordinal == ordinal)
                return delivery.State is DeliveryState.Gone ? null : delivery;
        return null;
    }
}
