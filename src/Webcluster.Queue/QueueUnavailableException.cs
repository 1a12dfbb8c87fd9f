namespace Webcluster.Queue;

/// <summary>
/// The store cannot be reached at present, or does not answer in time. Thrown only where a result cannot say so: the members that look,
/// beat, reap and read content. Asking again is safe.
/// </summary>
public sealed class QueueUnavailableException(string message, Exception? cause = null) : Exception(message, cause);
