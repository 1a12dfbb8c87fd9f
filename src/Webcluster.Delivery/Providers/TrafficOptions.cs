using Webcluster.Delivery.Hosts;
using Webcluster.Delivery.TransportSecurity;


namespace Webcluster.Delivery.Providers;

/// <summary>
/// Limits for some of the traffic, over what providers say: an entry holds for what all its selectors name. Where several hold, each key is
/// taken from the most specific that sets it: domain before site before provider before source before pool.
/// </summary>
public sealed class TrafficOptions : LimitOptions
{
    /// <summary>Stands for each source, one by one.</summary>
    public const string EachSource = "*";

    /// <summary>A provider's name; or "route:" and the match of a static route.</summary>
    public string Provider { get; set; } = "";

    /// <summary>A site as the queue shows it: its MX hosts in alphabetical order with commas between. It gets its own count.</summary>
    public string Site { get; set; } = "";

    /// <summary>A recipients' domain. It gets its own count, apart from its provider's.</summary>
    public string Domain { get; set; } = "";

    /// <summary>A source's name, or "*" for each: the limits then count what leaves from it. Without: all sources together.</summary>
    public string Source { get; set; } = "";

    /// <summary>
    /// A pool's name: the limits hold for mail of this pool, but what they are compared with is still counted for all pools. No rates.
    /// </summary>
    public string Pool { get; set; } = "";

    /// <summary>Recipients in one transaction.</summary>
    public int? RecipientsPerTransaction { get; set; }

    /// <summary>TLS with the hosts; only by domain, site and provider.</summary>
    public TlsPolicy? Tls { get; set; }

    /// <summary>What the hosts are shown where they ask who we are; only by domain, site and provider.</summary>
    public ClientCertificateOptions? ClientCertificate { get; set; }

    /// <summary>What it is for, as operators are shown it: "provider google, source s1".</summary>
    public string Selectors => string.Join(", ", new[]
    {
        ("domain", Domain), ("site", Site), ("provider", Provider), ("source", Source), ("pool", Pool),
    }.Where(selector => selector.Item2.Length > 0).Select(selector => $"{selector.Item1} {selector.Item2}"));

    /// <summary>The more, the more specific; two that hold for the same mail have the same weight only if they name the same.</summary>
    internal int Weight =>
        (Domain.Length > 0 ? 16 : 0) + (Site.Length > 0 ? 8 : 0) + (Provider.Length > 0 ? 4 : 0)
        + (Source.Length > 0 && Source != EachSource ? 2 : 0) + (Pool.Length > 0 ? 1 : 0);

    public override IEnumerable<(string Key, string Problem)> Problems()
    {
        foreach (var limit in base.Problems()) yield return limit;
        if (Weight == 0)
            yield return ("provider", "is missing, as are site, domain, source and pool; for all traffic, use providers: - name: default");
        if (Domain.Length > 0 && (Domain.StartsWith('.') || !RollUp.IsPattern(Domain)))
            yield return ("domain", $"'{Domain}' is no domain in lower case");
        if (Site.Length > 0 && SiteProblem() is { } problem) yield return ("site", problem);
        if (RecipientsPerTransaction is < 1) yield return ("recipients_per_transaction", "must be at least 1");
        if (Pool.Length > 0 && (Messages ?? ConnectionRate ?? Bytes ?? FirstAttempts) is not null)
            yield return ("pool", "cannot have rates: they are counted by provider and source; limit the pool's sources instead");
        foreach (var insecure in SecurityProblems()) yield return insecure;
        if (!Settings("").Any()) yield return ("provider", "the entry sets no limit");
    }

    internal bool Holds(in ProviderQuestion question) =>
        (Domain.Length == 0 || Domain == question.Domain)
        && (Site.Length == 0 || Site == question.Site)
        && (Provider.Length == 0 || Provider == question.Provider)
        && (Source.Length == 0 || Source == EachSource || Source == question.Source)
        && (Pool.Length == 0 || Pool == question.Pool);

    internal IEnumerable<Setting> Settings(string origin)
    {
        foreach (var setting in Settings(Source.Length > 0 ? LimitScope.Source : LimitScope.Provider, origin)) yield return setting;
        if (RecipientsPerTransaction is { } recipients)
            yield return new Setting(LimitScope.Provider, Setting.RecipientsPerTransaction, recipients, origin);
        if (Tls is { } tls) yield return new Setting(LimitScope.Provider, Setting.Tls, tls, origin);
        if (ClientCertificate is { } shown) yield return new Setting(LimitScope.Provider, Setting.ClientCertificate, shown, origin);
    }

    private IEnumerable<(string Key, string Problem)> SecurityProblems()
    {
        (string Key, object? Value)[] values = [("tls", Tls), ("client_certificate", ClientCertificate)];
        foreach (var (key, _) in values.Where(value => value.Value is not null))
        {
            if (Source.Length + Pool.Length > 0) yield return (key, "cannot depend on source or pool");
            if (Provider.StartsWith(ProviderLint.RoutePrefix, StringComparison.Ordinal))
                yield return (key, "of a route stands at the route");
        }

        foreach (var (key, problem) in ClientCertificate?.NestedProblems() ?? []) yield return (key, problem);
    }

    // One that was cut (its name has a +), and an address literal, are copied from the queue; nothing can be said of them here.
    private string? SiteProblem()
    {
        if (Site.Contains('+') || Site.StartsWith('[')) return null;
        var hosts = Site.Split(',');
        if (hosts.Any(host => host.StartsWith('.') || !RollUp.IsPattern(host))) return $"'{Site}' is no list of host names in lower case";
        var name = SiteName.Of(hosts);
        return name == Site ? null : $"'{Site}' never applies: the site's name is '{name}'";
    }
}
