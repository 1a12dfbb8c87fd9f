namespace Webcluster.Queue;

/// <summary>What an operator decides after the store went back in time.</summary>
public interface IQueueRecovery
{
    /// <summary>Mail was lost with the store's data: go on with what is there. All nodes see it.</summary>
    /// <returns>Whether there was a loss to accept.</returns>
    /// <exception cref="QueueUnavailableException">It could not be written.</exception>
    Task<bool> AcceptLossAsync(CancellationToken cancellation);
}
