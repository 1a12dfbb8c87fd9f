using Webcluster.Queue.Messages;

namespace Webcluster.Queue.Embedded.Indexing;

/// <summary>What a claim needs of a message that was stored a moment ago.</summary>
internal sealed record HotMessage(NewMessage Message, LinkedListNode<QueuedMessage> Place);

/// <summary>
/// Keeps recently stored messages whole, up to a sum of octets, so that mail that is delivered at once is never read back. The oldest leave
/// first. Guarded by the index's gate.
/// </summary>
internal sealed class HotCache(long mostOctets)
{
    private const int OctetsPerMessage = 512;
    private const int OctetsPerRecipient = 192;
    private readonly LinkedList<QueuedMessage> _byAge = [];
    private long _octets;

    public void Add(QueuedMessage queued, NewMessage message)
    {
        var size = SizeOf(message);
        if (size > mostOctets)
            return;
        queued.Hot = new HotMessage(message, _byAge.AddLast(queued));
        _octets += size;
        while (_octets > mostOctets)
            Drop(_byAge.First!.Value);
    }

    /// <summary>Forgets a message, because it is gone or because what is stored of it has changed.</summary>
    public void Drop(QueuedMessage queued)
    {
        if (queued.Hot is not { } hot)
            return;
        _byAge.Remove(hot.Place);
        _octets -= SizeOf(hot.Message);
        queued.Hot = null;
    }

    private static long SizeOf(NewMessage message)
    {
        long size = OctetsPerMessage + message.Content.Length;
        foreach (var delivery in message.Deliveries)
            size += OctetsPerRecipient * delivery.Recipients.Count;
        return size;
    }
}
