using System.Net;
using System.Net.Sockets;
using Webcluster.Delivery.Sources;
using Webcluster.Queue.Lanes;

namespace Webcluster.Delivery.Pools;

/// <summary>The configured sources and pools, checked. Immutable; there is always a pool named "default".</summary>
internal sealed class EgressPlan
{
    private readonly Dictionary<string, Pool> _pools;

    private EgressPlan(IReadOnlyList<Source> sources, IEnumerable<Pool> pools)
    {
        Sources = sources;
        _pools = pools.ToDictionary(pool => pool.Name, StringComparer.Ordinal);
    }

    public IReadOnlyList<Source> Sources { get; }

    public IReadOnlyCollection<Pool> Pools => _pools.Values;

    /// <summary>A pool that nobody knows any more, or that an operator moved mail to by mistake, is the default one.</summary>
    public Pool PoolOf(string name) => _pools.TryGetValue(name, out var pool) ? pool : _pools[PoolName.Default];

    /// <param name="options">Without problems.</param>
    public static EgressPlan Of(EgressOptions options, string hostName, Func<string, string> readPassword)
    {
        var sources = options.Sources.Select(source => source.ToSource(hostName, readPassword)).ToDictionary(source => source.Name);
        if (options.Pools.Count == 0) return Of([.. sources.Values]);
        var pools = options.Pools.Select(pool => new Pool(
            pool.Name, [.. pool.Sources.Select(entry => new PoolSource(sources[entry.Name], entry.Weight))],
            pool.Fallback.Length == 0 ? null : pool.Fallback));
        return new EgressPlan([.. sources.Values], pools);
    }

    /// <summary>One pool of these, all alike.</summary>
    public static EgressPlan Of(params IReadOnlyList<Source> sources) =>
        new(sources, [new Pool(PoolName.Default, [.. sources.Select(source => new PoolSource(source, 1))], null)]);

    /// <summary>No sources are configured: the system chooses, or one address per family is always the same.</summary>
    public static EgressPlan Unnamed(string hostName, IEnumerable<IPAddress> addresses)
    {
        var byFamily = addresses.ToLookup(address => address.AddressFamily);
        return Of(new Source(
            "", byFamily[AddressFamily.InterNetwork].FirstOrDefault(), byFamily[AddressFamily.InterNetworkV6].FirstOrDefault(), hostName));
    }
}
