using Webcluster.Queue.Lanes;

namespace Webcluster.Delivery.Pools;

/// <summary>
/// A pool: sources that share a kind of mail. The pool "default" takes what no pool rule sends elsewhere. None: all sources alike, as
/// that pool.
/// </summary>
public sealed class PoolOptions
{
    /// <summary>1 to 64 of a-z, 0-9, '.', '_', '-'.</summary>
    public string Name { get; set; } = "";

    /// <summary>What its mail leaves from.</summary>
    public List<PoolSourceOptions> Sources { get; set; } = [];

    /// <summary>The pool whose sources stand in while this node can use none of its own. Empty: the mail waits.</summary>
    public string Fallback { get; set; } = "";

    public IEnumerable<(string Key, string Problem)> Problems()
    {
        if (!PoolName.IsName(Name)) yield return ("name", $"must be {PoolName.Expected}");
        if (Sources.Count == 0 && Fallback.Length == 0) yield return ("sources", "is missing: at least one source, or a fallback");
        for (var i = 0; i < Sources.Count; i++)
        {
            if (Sources[i].Weight is < 1 or > PoolSourceOptions.MostWeight)
                yield return ($"sources[{i}].weight", $"must be 1 to {PoolSourceOptions.MostWeight}");
            if (Sources.FindIndex(source => source.Name == Sources[i].Name) < i)
                yield return ($"sources[{i}].name", $"'{Sources[i].Name}' stands here twice");
        }
    }
}

/// <summary>A source's place in a pool.</summary>
public sealed class PoolSourceOptions
{
    internal const int MostWeight = 1000;

    /// <summary>A name of <c>sources</c>.</summary>
    public string Name { get; set; } = "";

    /// <summary>Its share of the pool's messages, from all nodes, beside the others' weights.</summary>
    public int Weight { get; set; } = 1;
}
