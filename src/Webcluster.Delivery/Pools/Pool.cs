using Webcluster.Delivery.Sources;

namespace Webcluster.Delivery.Pools;

/// <summary>A pool, checked.</summary>
/// <param name="Fallback">Another pool's name; null: none. Following fallbacks comes to an end.</param>
internal sealed record Pool(string Name, IReadOnlyList<PoolSource> Sources, string? Fallback);

/// <summary>A source's place in a pool.</summary>
/// <param name="Weight">At least 1.</param>
internal sealed record PoolSource(Source Source, int Weight);
