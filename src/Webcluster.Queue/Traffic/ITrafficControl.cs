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
