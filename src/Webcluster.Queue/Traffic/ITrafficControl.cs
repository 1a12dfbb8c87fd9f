namespace Webcluster.Queue.Traffic;

/// <summary>What the store knows of the traffic from each source to each provider, and how replies change it.</summary>
public interface ITrafficControl
{
    /// <param name="reply">The reply that asks for it, as operators are shown it.</param>
    /// <returns>Whether it changed anything: what is repeated within moments of itself does not.</returns>
    /// <exception cref="QueueUnavailableException">The store cannot be reached.</exception>
    ValueTask<bool> AdjustAsync(string provider, string source, Adjustment adjustment, string reply, CancellationToken cancellation);

    /// <summary>The sources that a provider is or was sent to from, with what limits them now.</summary>
    /// <exception cref="QueueUnavailableException">The store cannot be reached.</exception>
    ValueTask<IReadOnlyList<TrafficStatus>> TrafficAsync(string provider, CancellationToken cancellation);

    /// <summary>The sources that are being warmed up, by provider and source; the first 10,000 of them.</summary>
    /// <param name="provider">Only at this one; null: at any.</param>
    /// <param name="source">Only this one; null: any.</param>
    /// <exception cref="QueueUnavailableException">The store cannot be reached.</exception>
    ValueTask<IReadOnlyList<WarmupState>> WarmupsAsync(string? provider, string? source, CancellationToken cancellation);

    /// <summary>
    /// Puts a source at a provider on a step of its plan, from now on and for all nodes. What the plan has used of the day stays used, what
    /// was refused before is forgotten. Mail that waited for the budget is named again at once.
    /// </summary>
    /// <param name="plan">The one that claims offer the source with: one of another name begins at its first step.</param>
    /// <param name="step">One of the plan's, from 1; null: the source is warm.</param>
    /// <returns>What is known now.</returns>
    /// <exception cref="QueueUnavailableException">The store cannot be reached; the step may have been set.</exception>
    ValueTask<WarmupState> SetWarmupAsync(string provider, string source, WarmupPlan plan, int? step, CancellationToken cancellation);
}

/// <summary>One source at one provider.</summary>
/// <param name="Connections">Open now, from all nodes.</param>
/// <param name="MessageRate">Messages a second that adaptation allows; null: as many as the limits do.</param>
/// <param name="MostConnections">That adaptation allows; null: as many as the limits do.</param>
/// <param name="MessagesPerConnection">Learned; null: unknown.</param>
/// <param name="SuspendedUntil">Null: it is not.</param>
/// <param name="Reply">The last one that changed something.</param>
/// <param name="ChangedAt">When.</param>
/// <param name="Warmup">Null: it is warm.</param>
public sealed record TrafficStatus(
    string Provider, string Source, int Connections, double? MessageRate, int? MostConnections, int? MessagesPerConnection,
    DateTimeOffset? SuspendedUntil, string? Reply, DateTimeOffset? ChangedAt, WarmupStatus? Warmup);

/// <param name="Step">Of the plan, from 1.</param>
/// <param name="Used">Messages of the day.</param>
public sealed record WarmupStatus(string Plan, int Step, int Used);
