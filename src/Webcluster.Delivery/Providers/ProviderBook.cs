using System.Collections.Concurrent;
using Webcluster.Delivery.Hosts;
using Webcluster.Queue.Lanes;

namespace Webcluster.Delivery.Providers;

/// <summary>
/// Which provider a destination belongs to, and how each is to be treated: the catalogue with what the operator says over it. Immutable. A
/// domain or site that a traffic entry names is a provider of its own: its name is the provider's, so that its limits count its traffic and
/// no other.
/// </summary>
public sealed class ProviderBook
{
    // A host may be called like a provider: what it answers must not be counted as that provider's.
    private const string SitePrefix = "site:";

    private readonly RollUp _rollUp;
    private readonly PolicyLayers _layers;
    private readonly HashSet<string> _providers;
    private readonly HashSet<string> _domains;
    private readonly HashSet<string> _sites;
    private readonly HashSet<string> _sources;
    private readonly HashSet<string> _pools;

    // Bounded by the configuration: a question has only names that it knows.
    private readonly ConcurrentDictionary<ProviderQuestion, ProviderPolicy> _policies = new();

    /// <param name="setup">Without problems.</param>
    public ProviderBook(ProviderSetup setup)
    {
        // The operator's come first, so that they win where they claim the same hosts.
        _rollUp = new RollUp(setup.Providers.Concat(setup.Catalogue.Providers));
        _layers = new PolicyLayers(setup);
        _providers = Names(setup.Providers.Concat(setup.Catalogue.Providers).Select(provider => provider.Name));
        _providers.Remove(ProviderOptions.Default);
        _providers.UnionWith(Names(setup.Traffic.Select(entry => entry.Provider)));
        _domains = Names(setup.Traffic.Select(entry => entry.Domain));
        _sites = Names(setup.Traffic.Select(entry => entry.Site));
        _sources = Names(setup.Traffic.Select(entry => entry.Source));
        _pools = Names(setup.Traffic.Select(entry => entry.Pool));
    }

    /// <summary>The provider of mail to a domain that goes to these hosts. Pure: the order of the hosts does not matter.</summary>
    /// <param name="mxHosts">Lower case; empty where DNS had no answer, or the domain is an address literal.</param>
    /// <returns>The domain or site where it has limits of its own; else the provider it is rolled up to; else the site's name.</returns>
    public string ProviderOf(string domain, IReadOnlyList<string> mxHosts)
    {
        if (_domains.Contains(domain)) return domain;
        var site = mxHosts.Count == 0 ? domain : SiteName.Of(mxHosts);
        if (_sites.Contains(site)) return site;
        return _rollUp.Of(domain, mxHosts) ?? (IsNamed(site) ? SitePrefix + site : site);
    }

    /// <summary>The provider of a site's mail, but for that to domains that have limits of their own.</summary>
    /// <param name="site">As the queue shows it.</param>
    public string ProviderOfSite(string site) =>
        _domains.Contains(site) || _sites.Contains(site)
            ? site
            : _rollUp.Of(site, SiteName.HostsOf(site)) ?? (IsNamed(site) ? SitePrefix + site : site);

    /// <summary>
    /// Is it a provider that configuration or catalogue name? There are only so many of these: they can be labels of metrics.
    /// </summary>
    public bool IsNamed(string provider) => _providers.Contains(provider) || _domains.Contains(provider) || _sites.Contains(provider);

    /// <summary>How a lane's mail is to be treated when it leaves from a source ("": the system's choice). Cached.</summary>
    public ProviderPolicy PolicyOf(LaneKey lane, string source = "") =>
        _policies.GetOrAdd(Question(lane, source), static (question, layers) => layers.Merge(question), _layers);

    private ProviderQuestion Question(LaneKey lane, string source)
    {
        var ownDomain = _domains.Contains(lane.Provider) ? lane.Provider : null;
        var isOwn = ownDomain is not null || _sites.Contains(lane.Provider);
        var provider = isOwn ? _rollUp.Of(lane.Provider, SiteName.HostsOf(lane.Site)) : lane.Provider;
        return new ProviderQuestion(
            Known(_providers, provider), Known(_sites, lane.Site), ownDomain, Known(_sources, source), Known(_pools, lane.Pool));
    }

    private static string? Known(HashSet<string> names, string? name) => name is not null && names.Contains(name) ? name : null;

    private static HashSet<string> Names(IEnumerable<string> names) =>
        names.Where(name => name.Length > 0).ToHashSet(StringComparer.Ordinal);
}
