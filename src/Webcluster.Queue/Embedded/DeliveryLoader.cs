using Webcluster.Queue.Embedded.Indexing;
using Webcluster.Queue.Embedded.Storage;
using Webcluster.Queue.Messages;
using Webcluster.Queue.Sessions;

namespace Webcluster.Queue.Embedded;

/// <summary>Completes what was claimed with envelope, recipients and content: from memory where it is recent, else from the file.</summary>
internal sealed class DeliveryLoader(ReadStorePool readers)
{
    /// <param name="room">Content is included up to so many octets.</param>
    /// <returns>Null where the file holds no readable record.</returns>
    /// <exception cref="StoreFaultException">The file cannot be read.</exception>
    public ValueTask<ClaimedDelivery?> LoadAsync(TakenDelivery taken, int room)
    {
        if (taken.Hot is not { Message: var message })
            return readers.ReadAsync(store => Read(store, taken, room), CancellationToken.None);
        var content = message.Content.Length <= room ? message.Content : null;
        var recipients = message.Deliveries[taken.Delivery.Ordinal].Recipients;
        return ValueTask.FromResult<ClaimedDelivery?>(Complete(taken, message.Envelope, recipients, content));
    }

    private static ClaimedDelivery? Read(ReadStore store, TakenDelivery taken, int room)
    {
        var message = taken.Delivery.Message;
        if (store.Envelope(message.Row) is not { } envelope || store.Recipients(taken.Delivery.Row) is not { } recipients)
            return null;
        var content = message.ContentOctets <= room ? store.Content(message.Row) : null;
        return Complete(taken, envelope, recipients, content);
    }

    private static ClaimedDelivery Complete(
        TakenDelivery taken, Envelope envelope, IReadOnlyList<QueuedRecipient> recipients, MessageContent? content)
    {
        var message = taken.Delivery.Message;
        return new ClaimedDelivery(
            new DeliveryId(message.Id, taken.Delivery.Ordinal), envelope, recipients, taken.Attempts,
            new DateTimeOffset(message.AcceptedAt, TimeSpan.Zero), new DateTimeOffset(message.ExpiresAt, TimeSpan.Zero),
            taken.MayHaveBeenSent, message.ContentOctets, content, taken.Delivery.Bounce);
    }
}
