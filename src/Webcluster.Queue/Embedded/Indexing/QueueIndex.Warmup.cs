using Webcluster.Queue.Embedded.Traffic;
using Webcluster.Queue.Traffic;

namespace Webcluster.Queue.Embedded.Indexing;

internal sealed partial class QueueIndex
{
    /// <summary>By provider and source; null: any.</summary>
    public IReadOnlyList<WarmupState> Warmups(string? provider, string? source) =>
    [
        .. _providers.Values.Where(known => provider is null || known.Name == provider).OrderBy(known => known.Name, StringComparer.Ordinal)
            .SelectMany(known => known.Traffic.Sources).Where(known => source is null || known.Name == source)
            .Select(known => known.Warmup).OfType<WarmupState>().Take(WarmupState.MostListed),
    ];

    /// <param name="step">Null: warm.</param>
    public WarmupState SetWarmup(string name, string source, WarmupPlan plan, int? step)
    {
        var provider = ProviderOf(name);
        var traffic = provider.Traffic.Source(source);
        var state = traffic.SetWarmup(plan, step, Microseconds.Of(Now));
        Note(traffic);
        if (provider.Lanes == 0)
            KeepUnused(provider);
        if (provider.Waiting.Count == 0)
            return state;
        // Whoever waited for the budget is let go now.
        _giving.Set(provider.ByGiving, Now);
        _wake.Sooner(Now);
        return state;
    }
}
