using Webcluster.Delivery.Providers.Replies;

namespace Webcluster.Delivery.Providers;

/// <summary>What else can be named in limits.</summary>
/// <param name="Routes">The matches of static routes.</param>
public sealed record ProviderSurroundings(
    IReadOnlyCollection<string> Routes, IReadOnlyCollection<string> Sources, IReadOnlyCollection<string> Pools);

/// <summary>
/// Finds what is wrong with providers and traffic entries, and what can never apply. The catalogue itself is checked by tests, with the
/// same.
/// </summary>
public sealed class ProviderLint(ProviderSetup setup, ProviderSurroundings surroundings)
{
    internal const string RoutePrefix = "route:";

    private readonly HashSet<string> _catalogued = [.. setup.Catalogue.Providers.Select(provider => provider.Name)];
    private readonly RuleLint _rules = new(new PolicyLayers(setup));

    /// <summary>By keys such as "providers[0].mx[1]" and "traffic[2].source".</summary>
    public IEnumerable<(string Key, string Problem)> Problems() =>
    [
        .. setup.Providers.Index().SelectMany(entry => Under($"providers[{entry.Index}]", Provider(entry.Index, entry.Item))),
        .. setup.Traffic.Index().SelectMany(entry => Under($"traffic[{entry.Index}]", Traffic(entry.Index, entry.Item))),
    ];

    private static IEnumerable<(string, string)> Under(string section, IEnumerable<(string Key, string Problem)> problems) =>
        problems.Select(problem => ($"{section}.{problem.Key}", problem.Problem));

    private IEnumerable<(string, string)> Provider(int index, ProviderOptions provider)
    {
        foreach (var problem in provider.Problems()) yield return problem;
        var earlier = setup.Providers.Take(index).ToList();
        if (earlier.Exists(other => other.Name == provider.Name)) yield return ("name", $"'{provider.Name}' is given twice");
        foreach (var problem in Hidden("mx", provider.Mx, earlier, other => other.Mx)) yield return problem;
        foreach (var problem in Hidden("domains", provider.Domains, earlier, other => other.Domains)) yield return problem;
        foreach (var (at, domain) in provider.Domains.Index())
            if (Routed($"domains[{at}]", domain) is { } routed)
                yield return routed;
        var isKnown = provider.Name == ProviderOptions.Default || _catalogued.Contains(provider.Name);
        if (!isKnown && provider.Mx.Count + provider.Domains.Count == 0)
            yield return ("mx",
                $"is missing, as is domains: no mail can be of '{provider.Name}'. The catalogue has: {string.Join(", ", _catalogued)}");
        foreach (var problem in _rules.Problems(provider)) yield return problem;
    }

    private static IEnumerable<(string, string)> Hidden(
        string key, List<string> names, List<ProviderOptions> earlier, Func<ProviderOptions, List<string>> namesOf)
    {
        foreach (var (index, name) in names.Index())
        {
            if (names.IndexOf(name) < index) yield return ($"{key}[{index}]", $"'{name}' is given twice");
            else if (earlier.Find(other => namesOf(other).Contains(name)) is { } owner)
                yield return ($"{key}[{index}]", $"'{name}' never applies: provider '{owner.Name}' has it already");
        }
    }

    private IEnumerable<(string, string)> Traffic(int index, TrafficOptions entry)
    {
        foreach (var problem in entry.Problems()) yield return problem;
        if (entry.Provider.Length > 0 && ProviderProblem(entry.Provider) is { } unknown) yield return ("provider", unknown);
        if (entry.Domain.Length > 0 && Routed("domain", entry.Domain) is { } routed) yield return routed;
        if (entry.Source is not ("" or TrafficOptions.EachSource) && !surroundings.Sources.Contains(entry.Source))
            yield return ("source", $"there is no source '{entry.Source}'{There(surroundings.Sources)}");
        if (entry.Pool.Length > 0 && !surroundings.Pools.Contains(entry.Pool))
            yield return ("pool", $"there is no pool '{entry.Pool}'{There(surroundings.Pools)}");
        if (setup.Traffic.Take(index).Any(other => other.Selectors == entry.Selectors))
            yield return ("provider", $"another entry is for the same: {entry.Selectors}");
    }

    private string? ProviderProblem(string name)
    {
        if (name == ProviderOptions.Default) return "'default' is set in providers: - name: default";
        if (name.StartsWith(RoutePrefix, StringComparison.Ordinal))
        {
            var match = name[RoutePrefix.Length..];
            return surroundings.Routes.Contains(match) ? null : $"there is no route with match: '{match}'";
        }
        var names = _catalogued.Union(setup.Providers.Select(provider => provider.Name)).Except([ProviderOptions.Default]).ToList();
        return names.Contains(name)
            ? null
            : $"there is no provider '{name}' (a place to connect to is named with site){There(names)}";
    }

    /// <summary>Static routes come before providers.</summary>
    private (string, string)? Routed(string key, string domain)
    {
        var match = surroundings.Routes.FirstOrDefault(match =>
            match == "*" || match == domain || (match.StartsWith('.') && domain.EndsWith(match, StringComparison.Ordinal)));
        return match is null
            ? null
            : (key, $"never applies: mail to '{domain}' takes a static route; limit provider: '{RoutePrefix}{match}'");
    }

    private static string There(IReadOnlyCollection<string> known) => known.Count == 0 ? "" : $"; there are: {string.Join(", ", known)}";
}
