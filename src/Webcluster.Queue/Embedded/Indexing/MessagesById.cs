using Webcluster.Queue.Messages;

namespace Webcluster.Queue.Embedded.Indexing;

/// <summary>The queued messages by their ids: a set rather than a dictionary, because each has its id itself and there may be millions.</summary>
internal sealed class MessagesById
{
    private readonly HashSet<QueuedMessage> _all = new(new ById());
    private readonly HashSet<QueuedMessage>.AlternateLookup<MessageId> _byId;

    public MessagesById() => _byId = _all.GetAlternateLookup<MessageId>();

    public int Count => _all.Count;

    public QueuedMessage? Find(MessageId id) => _byId.TryGetValue(id, out var message) ? message : null;

    /// <summary>Its id must be new.</summary>
    public void Add(QueuedMessage message) => _all.Add(message);

    public void Remove(QueuedMessage message) => _all.Remove(message);

    private sealed class ById : IEqualityComparer<QueuedMessage>, IAlternateEqualityComparer<MessageId, QueuedMessage>
    {
        public bool Equals(QueuedMessage? one, QueuedMessage? other) => one?.Id == other?.Id;

        public int GetHashCode(QueuedMessage message) => message.Id.GetHashCode();

        public bool Equals(MessageId id, QueuedMessage message) => message.Id == id;

        public int GetHashCode(MessageId id) => id.GetHashCode();

        public QueuedMessage Create(MessageId id) => throw new NotSupportedException("An id alone is no message.");
    }
}
