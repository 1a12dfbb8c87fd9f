namespace Webcluster.Queue;

/// <summary>The queue's folder or file cannot be used; the message says why and is for the operator. Thrown only by opening.</summary>
public sealed class QueueStoreException(string message, Exception? cause = null) : Exception(message, cause);
