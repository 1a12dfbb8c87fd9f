using Webcluster.Delivery.Providers.Replies;
using Webcluster.Delivery.TransportSecurity;

namespace Webcluster.Delivery.Providers;

/// <summary>
/// Merges what is said of a provider, key by key; what is more specific wins. From the least: the defaults; "default" of catalogue and
/// configuration; the provider in the catalogue, then in the configuration; the traffic entries by weight.
/// </summary>
internal sealed class PolicyLayers
{
    private readonly ProviderDefaults _defaults;
    private readonly Dictionary<string, CatalogueProvider> _catalogue;
    private readonly Dictionary<string, ProviderOptions> _configured;
    private readonly List<(TrafficOptions Entry, string Origin)> _traffic;

    public PolicyLayers(ProviderSetup setup)
    {
        _defaults = setup.Defaults;
        _catalogue = ByName(setup.Catalogue.Providers);
        _configured = ByName(setup.Providers);
        _traffic =
        [
            .. setup.Traffic.Index()
                .OrderBy(entry => entry.Item.Weight)
                .Select(entry => (entry.Item, $"traffic[{entry.Index}], {entry.Item.Selectors}")),
        ];
    }

    public ProviderPolicy Merge(ProviderQuestion question)
    {
        var settings = new SettingTable();
        settings.Put(new Setting(LimitScope.Provider, Setting.Tls, _defaults.Tls, "delivery.tls"));
        settings.Put(new Setting(
            LimitScope.Provider, Setting.RecipientsPerTransaction, ProviderDefaults.RecipientsPerTransaction,
            "what every server takes (RFC 5321)"));
        PutProvider(settings, ProviderOptions.Default);
        if (question.Provider is { } provider) PutProvider(settings, provider);
        foreach (var (entry, origin) in _traffic)
            if (entry.Holds(question))
                settings.Put(entry.Settings(origin));
        settings.PutUnlessLimited(Setting.Connections, _defaults.Connections, "queue.site_connections");
        settings.PutUnlessLimited(Setting.MessagesPerConnection, _defaults.MessagesPerConnection, "queue.messages_per_connection");
        return new ProviderPolicy(
            settings.Limits(LimitScope.Provider), settings.Limits(LimitScope.Source),
            settings.Value<int>(LimitScope.Provider, Setting.RecipientsPerTransaction),
            settings.Value<TlsPolicy>(LimitScope.Provider, Setting.Tls), Rules(question.Provider), settings.All)
        {
            ClientCertificate = settings.Value<ClientCertificateOptions>(LimitScope.Provider, Setting.ClientCertificate),
        };
    }

    /// <summary>The provider's rules before those for every provider, the operator's before the catalogue's; a name counts once.</summary>
    public ReplyRules Rules(string? provider)
    {
        string?[] names = [provider, ProviderOptions.Default];
        return new ReplyRules([.. names.OfType<string>().Distinct().SelectMany(RulesOf).DistinctBy(rule => rule.Name)]);
    }

    private IEnumerable<ReplyRule> RulesOf(string name) =>
    [
        .. (_configured.GetValueOrDefault(name)?.Rules ?? []).Select(rule => new ReplyRule(rule, Configured(name))),
        .. (_catalogue.GetValueOrDefault(name)?.Rules ?? []).Select(rule => new ReplyRule(rule, Catalogued(name))),
    ];

    private void PutProvider(SettingTable settings, string name)
    {
        if (_catalogue.GetValueOrDefault(name) is { } known) PutCatalogue(settings, known);
        if (_configured.GetValueOrDefault(name) is { } configured) settings.Put(configured.Settings(Configured(name)));
    }

    // The catalogue may ask for more TLS than the operator, not for less: who wants all certificates verified gets it.
    private static void PutCatalogue(SettingTable settings, CatalogueProvider known)
    {
        foreach (var setting in known.Settings(""))
        {
            if (setting.Value is TlsPolicy tls && settings.Value<TlsPolicy>(setting.Scope, setting.Key) >= tls) continue;
            var basis = known.Basis.Find(basis => basis.For.Contains(setting.Path));
            var published = basis is null ? "" : $": {basis.From}, {basis.Date}";
            settings.Put(setting with { Origin = Catalogued(known.Name) + published });
        }
    }

    private static string Catalogued(string name) => $"catalogue, {name}";

    private static string Configured(string name) => $"providers, {name}";

    private static Dictionary<string, T> ByName<T>(IEnumerable<T> providers) where T : ProviderOptions =>
        providers.DistinctBy(provider => provider.Name).ToDictionary(provider => provider.Name, StringComparer.Ordinal);
}
