using Webcluster.Delivery.Sources;
using Webcluster.Queue.Lanes;

namespace Webcluster.Delivery.Pools;

/// <summary>What mail leaves from: the lists <c>sources</c>, <c>pools</c> and <c>pool_rules</c> of the configuration.</summary>
public sealed record EgressOptions(
    IReadOnlyList<SourceOptions> Sources, IReadOnlyList<PoolOptions> Pools, IReadOnlyList<PoolRuleOptions> Rules)
{
    // Each source is probed and is a label of metrics.
    private const int Most = 1000;

    /// <summary>Nothing configured: one pool, and the system's choice of address.</summary>
    public static EgressOptions None { get; } = new([], [], []);

    /// <summary>What is wrong with each entry, and what does not fit together; by whole keys.</summary>
    public IEnumerable<(string Key, string Problem)> Problems() =>
    [
        .. Each("sources", Sources, source => source.Problems()),
        .. Each("pools", Pools, pool => pool.Problems()),
        .. Each("pool_rules", Rules, rule => rule.Problems()),
        .. Together(),
    ];

    private IEnumerable<(string, string)> Together()
    {
        foreach (var (list, count) in new[] { ("sources", Sources.Count), ("pools", Pools.Count), ("pool_rules", Rules.Count) })
            if (count > Most)
                yield return (list, $"must be at most {Most}");
        if (Sources.Count == 0 && Pools.Count > 0) yield return ("pools", "needs sources");
        if (Pools.Count > 0 && Find(PoolName.Default) is null)
            yield return ("pools", $"needs a pool named '{PoolName.Default}', for mail that no pool rule takes");
        for (var i = 0; i < Sources.Count; i++)
            if (Sources.Take(i).Any(source => source.Name == Sources[i].Name))
                yield return ($"sources[{i}].name", $"'{Sources[i].Name}' stands here twice");
        for (var i = 0; i < Pools.Count; i++)
            foreach (var (key, problem) in PoolProblems(i))
                yield return ($"pools[{i}].{key}", problem);
        for (var i = 0; i < Rules.Count; i++)
            foreach (var name in Rules[i].Asked.Append(Rules[i].Pool).Where(name => name.Length > 0 && !IsPool(name)))
                yield return ($"pool_rules[{i}].{(name == Rules[i].Pool ? "pool" : "asked")}", $"there is no pool '{name}'");
    }

    private IEnumerable<(string, string)> PoolProblems(int index)
    {
        var pool = Pools[index];
        if (Pools.Take(index).Any(other => other.Name == pool.Name)) yield return ("name", $"'{pool.Name}' stands here twice");
        for (var i = 0; i < pool.Sources.Count; i++)
            if (!Sources.Any(source => source.Name == pool.Sources[i].Name))
                yield return ($"sources[{i}].name", $"there is no source '{pool.Sources[i].Name}'");
        if (pool.Fallback.Length > 0 && Find(pool.Fallback) is null) yield return ("fallback", $"there is no pool '{pool.Fallback}'");
        else if (IsInCycle(pool)) yield return ("fallback", "leads back to this pool");
    }

    // More steps than pools lead round another cycle, whose own pools are told of it.
    private bool IsInCycle(PoolOptions pool)
    {
        var at = Find(pool.Fallback);
        for (var steps = 0; at is not null && at.Name != pool.Name && steps < Pools.Count; steps++) at = Find(at.Fallback);
        return at is not null && at.Name == pool.Name;
    }

    // Without pools every source is the default pool's.
    private bool IsPool(string name) => Find(name) is not null || (Pools.Count == 0 && name == PoolName.Default);

    private PoolOptions? Find(string name) => name.Length == 0 ? null : Pools.FirstOrDefault(pool => pool.Name == name);

    private static IEnumerable<(string, string)> Each<T>(
        string list, IReadOnlyList<T> entries, Func<T, IEnumerable<(string Key, string Problem)>> problems) =>
        entries.SelectMany((entry, index) => problems(entry).Select(problem => ($"{list}[{index}].{problem.Key}", problem.Problem)));
}
