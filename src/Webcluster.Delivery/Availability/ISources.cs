namespace Webcluster.Delivery.Availability;

/// <summary>What operators are told of this node's sources and pools.</summary>
public interface ISources
{
    IReadOnlyList<SourceStatus> Sources();

    IReadOnlyList<PoolStatus> Pools();

    /// <summary>Probes all sources now; takes as long as the slowest, at most 5 s.</summary>
    Task CheckAsync(CancellationToken cancellation);
}

/// <param name="Source">"system" where none is configured.</param>
/// <param name="Proxy">Without its password; null: none.</param>
/// <param name="Reason">Why it is left out on this node; null: it is not.</param>
/// <param name="Since">When it was left out.</param>
public sealed record SourceStatus(
    string Source, string? Address, string? Address6, string Ehlo, string? Proxy, bool Usable, string? Reason, DateTimeOffset? Since);

/// <param name="Using">The sources that its mail leaves this node from now: its own, or a fallback's; empty: it leaves from other nodes,
/// or waits.</param>
public sealed record PoolStatus(string Pool, IReadOnlyList<PoolSourceStatus> Sources, string? Fallback, IReadOnlyList<string> Using);

public sealed record PoolSourceStatus(string Source, int Weight);
